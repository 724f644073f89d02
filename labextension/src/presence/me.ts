/** The user of this page, as the server names them; `sessionId` is `null` before joining. */
export interface Me {
  readonly userId: string;
  readonly userName: string;
  readonly sessionId: string | null;
}

/** The user of this page, as the server calls them; `sessionId` is `null` before joining. */
export interface Me {
  readonly userId: string;
  readonly userName: string;
  readonly sessionId: string | null;
}

import type { User } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { EditorView } from '@codemirror/view';
import { DisposableDelegate, DisposableSet } from '@lumino/disposable';

import { summonTo } from '../editor/summon';
import { mayEdit } from '../protocol';
import type { SpecAccess } from '../server/collaborators';
import type { ConnectionState, SpecConnection } from '../session';
import { inBackground, unawaited } from '../ui/failure';
import { isAnonymous } from './anonymous';
import { ChosenName } from './chosenName';
import { PeopleDetails } from './details';
import { EdgeCarets } from './edgeCarets';
import { Following } from './following';
import { FollowLine } from './followLine';
import { PeopleBar } from './peopleBar';
import { PeopleMenu } from './peopleMenu';

export interface SpecPeopleOptions {
  readonly connection: SpecConnection;
  readonly view: EditorView;
  readonly user: User.IManager;
  readonly trans: TranslationBundle;
  /** Asks for the access list of the spec. */
  access(): Promise<SpecAccess>;
  /** Brings a user's caret on the screen, at once or if it is not there (`nearest`). */
  show(userId: string, nearest: boolean): void;
}

/** The people in a spec, as a view of it shows them: avatars and their menu, whom it follows, who is out of view. */
export class SpecPeople {
  readonly bar: PeopleBar;
  readonly line: FollowLine;
  readonly edges: EdgeCarets;
  private readonly following: Following;
  private readonly resources = new DisposableSet();
  private mayChooseName = false;

  constructor(private readonly options: SpecPeopleOptions) {
    const { connection, view, user, trans, access, show } = options;
    const now = () => performance.now();
    const details = new PeopleDetails({ view, access, soon: beforeFrame, now });
    const following = new Following({ connection, show, now, soon: beforeFrame });
    this.following = following;
    this.resources.add(new DisposableDelegate(() => following.dispose()));
    const name = new ChosenName(user, trans);
    const chooseName = () => this.chooseName(name);
    this.bar = new PeopleBar({
      connection,
      following,
      details,
      trans,
      openMenu: (button, closed) => {
        const { me } = connection.state;
        const isOffered = this.mayChooseName && isAnonymous(me?.userName ?? '');
        const menu = {
          connection,
          following,
          details,
          trans,
          summon: () => this.bring(),
          chooseName: isOffered ? chooseName : null
        };
        PeopleMenu.open(menu, button, closed);
      }
    });
    this.line = new FollowLine({ connection, following, trans });
    this.edges = new EdgeCarets({
      connection,
      view,
      trans,
      jump: userId => following.click(userId)
    });
    let isAsked = false;
    const ask = ({ me }: ConnectionState) => {
      if (!isAsked && isAnonymous(me?.userName ?? '')) {
        isAsked = true;
        inBackground(name.isPossible().then(isPossible => (this.mayChooseName = isPossible)));
      }
    };
    this.resources.add(new DisposableDelegate(connection.subscribe(ask)));
    ask(connection.state);
  }

  /** Ends following where the user does something else in `node`; `content` is the part of it that is the spec. */
  watch(node: HTMLElement, content: HTMLElement): void {
    const { following } = this;
    const acts = (event: Event) => {
      const isControl = event.target instanceof Element && event.target.closest('button') !== null;
      if (!isControl) {
        following.stop();
      }
    };
    const keys = (event: KeyboardEvent) => {
      if (event.key === 'Escape' || (content.contains(event.target as Node) && isKey(event))) {
        following.stop();
      }
    };
    const scrolls = () => following.stop();
    node.addEventListener('keydown', keys, true);
    content.addEventListener('pointerdown', acts, true);
    content.addEventListener('wheel', scrolls, { capture: true, passive: true });
    content.addEventListener('touchmove', scrolls, { capture: true, passive: true });
  }

  /** Opens the menu of all people. */
  openMenu(): void {
    this.bar.node.querySelector<HTMLElement>('.jp-SpecPeople-more')?.click();
  }

  /** Whether there is somebody to bring, and the user may. */
  get mayBring(): boolean {
    const { users, role } = this.options.connection.state;
    return users.length > 1 && role !== null && mayEdit(role);
  }

  /** Asks everybody to come to the user's caret. */
  bring(): void {
    summonTo(this.options.view);
  }

  dispose(): void {
    this.resources.dispose();
  }

  private chooseName(name: ChosenName): void {
    const { trans, connection } = this.options;
    const chosen = name.choose().then(isChosen => {
      if (isChosen) {
        connection.renew();
      }
    });
    unawaited(
      chosen,
      trans.__('Your name could not be changed. You keep the one that you have.'),
      trans
    );
  }
}

/** Whether a key does something by itself, on a control that only opens or chooses. */
function isKey({ key, target }: KeyboardEvent): boolean {
  const isControl = target instanceof Element && target.closest('button') !== null;
  return !isControl && !['Shift', 'Control', 'Alt', 'Meta'].includes(key);
}

function beforeFrame(callback: () => void): () => void {
  const frame = requestAnimationFrame(callback);
  return () => cancelAnimationFrame(frame);
}

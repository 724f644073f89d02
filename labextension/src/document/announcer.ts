import type { TranslationBundle } from '@jupyterlab/translation';
import { DisposableDelegate, type IDisposable } from '@lumino/disposable';

import type { SpecConnection } from '../session';
import { newRoleSentences } from '../ui/roleText';
import { sentencesText } from '../ui/stateText';
import { noticeOf } from './noticeContent';

/** What is said of one spec, for so many views of it. */
interface Voice {
  views: number;
  stop(): void;
}

/**
 * Reads notices about all open specs to screen readers, from one live region of the page.
 *
 * Law (`announcer.test.ts`): a notice is said once, though it counts edits and seconds on the screen, in however
 * many views its spec is open, and in whatever tab; and its end is said, too.
 */
export class Announcer {
  private readonly voices = new Map<SpecConnection, Voice>();
  private readonly region = document.createElement('div');

  constructor(private readonly trans: TranslationBundle) {
    this.region.className = 'jp-Spec-heard';
    this.region.setAttribute('role', 'status');
    this.region.setAttribute('aria-atomic', 'false');
  }

  /** Says what there is to say of a spec until the result is disposed. Each view of it follows it once. */
  follow(connection: SpecConnection): IDisposable {
    const voice = this.voices.get(connection) ?? this.begin(connection);
    voice.views += 1;
    return new DisposableDelegate(() => {
      voice.views -= 1;
      if (voice.views === 0) {
        voice.stop();
      }
    });
  }

  private begin(connection: SpecConnection): Voice {
    const { trans } = this;
    const line = document.createElement('p');
    let said = '';
    let { role } = connection.state;
    const hear = () => {
      const { state } = connection;
      const notice = noticeOf(state, trans);
      const event = notice?.event ?? '';
      if (event !== said) {
        said = event;
        line.textContent = notice ? sentencesText({ ...notice, next: '' }) : '';
      }
      if (role && state.role && state.role !== role) {
        const sentences = newRoleSentences(state.role, trans);
        line.textContent = `${trans.__('Your role was changed.')} ${sentences}`;
      }
      role = state.role ?? role;
    };
    const unsubscribe = connection.subscribe(hear);
    const stop = () => {
      unsubscribe();
      line.remove();
      this.voices.delete(connection);
    };
    const voice = { views: 0, stop };
    this.voices.set(connection, voice);
    if (!this.region.isConnected) {
      document.body.append(this.region);
    }
    this.region.append(line);
    hear();
    return voice;
  }
}

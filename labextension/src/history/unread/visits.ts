import type { SpecConnection } from '../../session';
import { Visit, type VisitOptions } from './visit';

/** The visits of this page: all views of a spec share one, since they share its connection. */
export class Visits {
  private readonly under = new Map<SpecConnection, { readonly visit: Visit; views: number }>();

  constructor(private readonly options: Omit<VisitOptions, 'connection'>) {}

  /** The visit to the spec of a connection; whoever asks for it has to end it. */
  begin(connection: SpecConnection): Visit {
    const under = this.under.get(connection) ?? {
      visit: new Visit({ ...this.options, connection }),
      views: 0
    };
    under.views++;
    this.under.set(connection, under);
    return under.visit;
  }

  /** One view less; with the last one the visit ends. */
  end(connection: SpecConnection): void {
    const under = this.under.get(connection);
    if (under && --under.views === 0) {
      this.under.delete(connection);
      under.visit.dispose();
    }
  }
}

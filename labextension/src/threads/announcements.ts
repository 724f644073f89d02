/** Says to screen readers what was done in threads, from one live region of the page. */
export class Announcements {
  private readonly region = document.createElement('div');

  constructor() {
    this.region.className = 'jp-Spec-heard';
    this.region.setAttribute('role', 'status');
    this.region.setAttribute('aria-live', 'polite');
  }

  say(sentence: string): void {
    if (!this.region.isConnected) {
      document.body.append(this.region);
    }
    const line = document.createElement('p');
    line.textContent = sentence;
    this.region.replaceChildren(line);
  }
}

import { describe, expect, it } from 'vitest';

import { asksElsewhere, withoutDiagrams } from '../../src/preview/diagrams';

const inFence = (text: string) => `\`\`\`mermaid\n${text}\n\`\`\``;

describe('diagrams that may ask for something elsewhere', () => {
  it.each([
    'graph TD; A[One<br/>two] --> B{Is it?} -- yes --> C',
    'sequenceDiagram\n  Ada->>Grace: Hello, is <b>this</b> it?\n  Grace-->>Ada: Yes',
    'classDiagram\n  Animal <|-- Duck\n  class Duck { <<interface>> +swim() }',
    'erDiagram\n  A ||--o{ B : has',
    'gantt\n  title Plan\n  section A\n  One :a1, 2026-01-01, 30d',
    'pie title Share\n  "Ours" : 40\n  "Theirs" : 60',
    'stateDiagram-v2\n  [*] --> Still\n  Still --> [*]',
    'graph LR\n  A --> B\n  style A fill:#f9f,stroke:#333'
  ])('%s is drawn', text => {
    expect(asksElsewhere(inFence(text))).toBe(false);
  });

  it.each([
    'flowchart TD\n  A@{ img: "https://elsewhere.example/a.png" }',
    'flowchart TD\n  A@{ img: "//elsewhere.example/a.png" }',
    'graph TD\n  style A background:url(a)',
    'graph TD\n  style A background:\\75rl(a)',
    '%%{init: {"themeCSS": "x"}}%%\ngraph TD; A',
    'graph TD; A["<img src=x>"]',
    'graph TD; A["<a href=x>"]'
  ])('%s is not, until somebody wants it', text => {
    expect(asksElsewhere(inFence(text))).toBe(true);
  });

  it('a text without one asks for none', () => {
    expect(asksElsewhere('![a](https://elsewhere.example/a.png)')).toBe(false);
  });

  it('as code they look the same', () => {
    expect(withoutDiagrams(inFence('A')).replace(/\u200b/g, '')).toBe(inFence('A'));
    expect(withoutDiagrams(inFence('A'))).not.toMatch(/mermaid\n/);
  });
});

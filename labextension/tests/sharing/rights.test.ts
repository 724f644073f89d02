import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Collaborator, isGroup } from '../../src/server/collaborators';
import { ROLES } from '../../src/server/roles';
import { rightsOn, rolesToGive, successors } from '../../src/sharing/rights';
import { accessOf, group, person } from './access';

const role = fc.constantFrom(...ROLES);
const others = fc.uniqueArray(
  fc
    .tuple(fc.constantFrom('bob', 'eve', 'team', 'leads'), role)
    .map(([name, given]) =>
      name === 'bob' || name === 'eve' ? person(name, given) : group(name, given)
    ),
  { selector: ({ principal }) => principal }
);

/** Whether the server allows a change: section 2 of the protocol. */
function allowed(mine: string, entry: Collaborator, list: readonly Collaborator[], then: string) {
  const owners = list.filter(each => each.role === 'owner' && !isGroup(each));
  const isLast = owners.length === 1 && owners[0] === entry;
  const isOwners = entry.role === 'owner' || then === 'owner';
  return mine === 'owner' ? !isLast || then === 'owner' : mine === 'admin' && !isOwners;
}

describe('what is offered is what the server allows', () => {
  it('for every role, entry and change', () => {
    fc.assert(
      fc.property(role, others, (mine, rest) => {
        const access = accessOf('ada', [person('ada', mine), ...rest]);
        for (const entry of access.collaborators) {
          const { choices, mayRemove } = rightsOn(entry, access);
          for (const choice of ROLES.filter(each => each !== entry.role)) {
            const isAllowed = allowed(mine, entry, access.collaborators, choice);
            expect([choice, choices.includes(choice)]).toEqual([choice, isAllowed]);
          }
          const isMine = entry.userId === 'ada';
          expect(mayRemove).toBe(!isMine && allowed(mine, entry, access.collaborators, 'nobody'));
        }
      })
    );
  });

  it('for a new entry', () => {
    const given = (mine: (typeof ROLES)[number]) =>
      rolesToGive(accessOf('ada', [person('ada', mine)]));
    expect(given('viewer')).toEqual([]);
    expect(given('contributor')).toEqual([]);
    expect(given('admin')).toEqual(['viewer', 'commenter', 'contributor', 'admin']);
    expect(given('owner')).toEqual(ROLES);
  });

  it('for handing over: to people, by owners with an entry of their own', () => {
    const list = [person('ada', 'owner'), person('bob', 'viewer'), group('team', 'owner')];
    expect(successors(accessOf('ada', list))).toEqual([list[1]]);
    expect(successors(accessOf('bob', list))).toEqual([]);
    expect(successors(accessOf('zoe', list, 'owner'))).toEqual([]);
  });
});

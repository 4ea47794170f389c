import type { AccessPrincipal, AccessRole, Grant } from "../model/access";
import { principalName } from "../model/access-names";
import { ours, type Phrase, phrase } from "../model/access-phrase";
import { shortId } from "../model/access-text";

/** The principal by name. */
export function who(principal: AccessPrincipal): Phrase {
  return [{ value: principalName(principal) }];
}

/** The role in words: its name, and where it holds when that is not everywhere. */
export function roleWords(role: AccessRole): Phrase {
  if (role.surface === "groups") {
    return phrase`${ours(role.access ?? "member")} of group ${role.name}`;
  }
  const name: Phrase = role.isBuiltIn ? ours(role.name) : [{ value: role.name }];
  if (role.scope === "/" || role.scope === "") return name;
  return phrase`${name} at ${scopeText(role)}`;
}

/** The scope as people name it. */
export function scopeText({ scope, scopeName }: AccessRole): string {
  if (scopeName !== undefined) return scopeName;
  const unit = /^\/administrativeUnits\/(.+)$/i.exec(scope)?.[1];
  if (unit !== undefined) return `administrative unit ${shortId(unit)}`;
  return scope;
}

/** "Bob Ray eligible for Exchange Administrator". */
export function grantWords(grant: Grant): Phrase {
  return phrase`${who(grant.principal)} ${ours(grant.kind)} for ${roleWords(grant.role)}`;
}

import { tierRank } from "../model/access-tier";
import { htmlName, htmlText } from "./html-text";
import { memberWords, roleName } from "./marks";
import type { GrantRow, Report } from "./report";

/** More cells than this make a page that no browser scrolls well. */
const MOST_CELLS = 60_000;

/** Who holds which role, afterwards; what changes is said in words in its cell. */
export function htmlMatrix(report: Report): string {
  const rows = [...report.holders, ...report.losses];
  if (rows.length === 0) return "<p>This stack gives nobody access.</p>";
  const changes = new Map(
    [...report.gains, ...report.changes, ...report.losses, ...report.adopted].map((row) => [
      row.key,
      row,
    ]),
  );
  const columns = columnsOf(rows);
  const people = peopleOf(rows);
  const shownPeople = people.slice(0, Math.max(1, Math.floor(MOST_CELLS / columns.length)));
  const head = columns.map(
    ({ label, tier }) =>
      `<th scope="col"><span class="${tier}">${label}</span><br><small>${tier}</small></th>`,
  );
  const body = shownPeople.map(({ label, byRole }) => {
    const cells = columns.map(
      ({ key }) =>
        `<td>${(byRole.get(key) ?? []).map((row) => cell(row, changes)).join("<br>")}</td>`,
    );
    return `<tr><th scope="row">${label}</th>${cells.join("")}</tr>`;
  });
  const more = people.length - shownPeople.length;
  return [
    `<div class="scroll" role="region" aria-label="Who holds which role" tabindex="0"><table class="matrix">`,
    "<caption>Who holds which role after this change. An empty cell: no access from this stack.</caption>",
    `<thead><tr><th scope="col">Who</th>${head.join("")}</tr></thead>`,
    `<tbody>\n${body.join("\n")}\n</tbody></table></div>`,
    more > 0 ? `<p>${more} more principals are in the JSON report.</p>` : "",
  ].join("\n");
}

interface Column {
  key: string;
  label: string;
  tier: GrantRow["role"]["tier"];
}

function columnsOf(rows: readonly GrantRow[]): Column[] {
  const columns = new Map<string, Column>();
  for (const row of rows) {
    const { role } = row;
    const place = role.scopeName === "directory" ? "" : ` at ${htmlName(role.scopeName)}`;
    columns.set(roleKey(row), {
      key: roleKey(row),
      label: `${htmlText(roleName(role))}${place}`,
      tier: role.tier,
    });
  }
  return [...columns.values()].sort(
    (a, b) =>
      tierRank(a.tier) - tierRank(b.tier) || compare(a.label, b.label) || compare(a.key, b.key),
  );
}

function peopleOf(rows: readonly GrantRow[]): { label: string; byRole: Map<string, GrantRow[]> }[] {
  const people = new Map<
    string,
    { label: string; sort: string; byRole: Map<string, GrantRow[]> }
  >();
  for (const row of rows) {
    const key =
      row.who.id ?? `${row.who.kind} ${row.who.name} ${row.who.isPlaceholder ? row.urn : ""}`;
    const person = people.get(key) ?? {
      label: personLabel(row),
      sort: `${row.who.name} ${key}`,
      byRole: new Map<string, GrantRow[]>(),
    };
    const held = person.byRole.get(roleKey(row)) ?? [];
    if (!held.some(({ key: known }) => known === row.key))
      person.byRole.set(roleKey(row), [...held, row]);
    people.set(key, person);
  }
  return [...people.values()].sort((a, b) => compare(a.sort, b.sort));
}

function personLabel(row: GrantRow): string {
  const { name, userPrincipalName, kind } = row.who;
  const upn =
    userPrincipalName === undefined || userPrincipalName === name
      ? ""
      : `<br><small>${htmlName(userPrincipalName)}</small>`;
  const members = memberWords(row);
  return `${htmlName(name)} <small>${kind === "servicePrincipal" ? "application" : kind}${members === "" ? "" : `, ${members}`}</small>${upn}`;
}

function cell(row: GrantRow, changes: ReadonlyMap<string, GrantRow>): string {
  const change = changes.get(row.key);
  const words = { gains: "new", loses: "lost", changed: "changed", adopted: "taken over" } as const;
  const kind = change?.change;
  const word = kind !== undefined && kind in words ? words[kind as keyof typeof words] : "";
  const blocks = row.flags.some(({ severity, isWaived }) => severity === "block" && !isWaived);
  const text = `${row.kind}, ${htmlText(row.window.text)}`;
  const mark = word === "" ? "" : ` <strong class="${kind}">${word}</strong>`;
  const held = kind === "loses" ? `<del>${text}</del>` : text;
  return `${held}${mark}${blocks ? ' <strong class="block">BLOCK</strong>' : ""}`;
}

function roleKey({ role }: GrantRow): string {
  return [role.surface, role.id ?? role.name, role.access, role.scope.toLowerCase()].join("|");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

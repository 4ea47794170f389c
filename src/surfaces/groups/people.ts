import { hasCode, isForbidden, ServiceError } from "../../http/errors";
import type { GraphClient } from "../../http/graph";
import { objectIdIn } from "../../model/principal";
import { formatProblem, type Problem } from "../../model/problem";
import type { RoleTarget } from "../../model/role-target";
import { readPrincipal } from "../graph-wire/schedule-codec";
import type { Assignee, PrincipalFound, RoleFound } from "../surface";
import type { GroupKey } from "./assignments";
import { GROUP_SELECT, groupProblems, obstaclesOf, type WireGroup } from "./group-facts";
import type { GroupReads } from "./group-reads";

type GroupTarget = Extract<RoleTarget, { surface: "groups" }>;

/** The service refused a group that PIM cannot manage; says why, which the service does not. */
export class UnfitGroupError extends Error {
  override name = "UnfitGroupError" as const;

  constructor(problems: readonly Problem[], cause: ServiceError) {
    super(`${problems.map(formatProblem).join("; ")} (${cause.message})`, { cause });
  }
}

/** The path of what the directory says of a group; a filter, so that it answers like every other listing. */
export function factsPath(groupId: string): string {
  return groupsPath(`id eq '${groupId}'`);
}

/** What the directory says of the groups that are managed; read once. */
export class GroupDirectory {
  private readonly facts = new Map<string, Promise<WireGroup | undefined>>();

  constructor(
    private readonly graph: GraphClient,
    private readonly reads: GroupReads,
    private readonly onFound: (group: PrincipalFound) => void,
  ) {}

  /** The groups that a text may mean: an object id, else a display name, which several groups may have. */
  async find(target: GroupTarget): Promise<RoleFound[]> {
    const id = objectIdIn(target.group);
    const found = id === undefined ? await this.named(target.group) : [await this.read(id)];
    return found
      .filter((group) => group !== undefined)
      .map((group) => ({
        role: { surface: "groups", groupId: group.id.toLowerCase(), access: target.access },
        name: group.displayName ?? group.id,
        isBuiltIn: false,
        isAssignable: obstaclesOf(group).length === 0,
      }));
  }

  /** Names that begin like the text: a tenant has too many groups to compare with all of them. */
  async names({ group }: GroupTarget): Promise<string[]> {
    const begins = group.slice(0, NAME_PREFIX).replace(/'/g, "''");
    const filter = encodeURIComponent(`startswith(displayName,'${begins}')`);
    const path = `/groups?$filter=${filter}&$select=displayName&$top=${NAMES}`;
    const [page] = await this.graph.pages<{ displayName?: string | null }>([path], {
      purpose: "looking for group names",
    });
    if (page === undefined || page instanceof Error) return [];
    return page.value.flatMap(({ displayName }) => displayName ?? []);
  }

  /** Why a group cannot be managed, or not for this assignee; whoever may not read groups is told by the service. */
  async problems(role: GroupKey, assignee?: Assignee): Promise<Problem[]> {
    try {
      const group = await this.read(role.groupId);
      return group === undefined ? [] : groupProblems(group, assignee);
    } catch (error) {
      if (isForbidden(error)) return [];
      throw error;
    }
  }

  /** An error of the service, with the reason when the group explains it. */
  async explain(role: GroupKey, error: unknown): Promise<unknown> {
    if (!(error instanceof ServiceError) || ![400, 403].includes(error.status)) return error;
    if (hasCode(error, ...ABOUT_THE_REQUEST)) return error;
    const problems = await this.problems(role).catch(() => []);
    return problems.length === 0 ? error : new UnfitGroupError(problems, error);
  }

  /** A group by id; one that is not there yet is looked for again by whoever comes next. */
  private read(groupId: string): Promise<WireGroup | undefined> {
    const known = this.facts.get(groupId) ?? this.readOne(groupId);
    this.facts.set(groupId, known);
    known.then(
      (group) => group ?? this.facts.delete(groupId),
      () => this.facts.delete(groupId),
    );
    return known;
  }

  private async readOne(groupId: string): Promise<WireGroup | undefined> {
    const page = await this.reads.first("facts", groupId);
    const group = (page.value as WireGroup[])[0];
    if (group !== undefined) this.onFound(principalOf(group));
    return group;
  }

  private async named(name: string): Promise<WireGroup[]> {
    const filter = `displayName eq '${name.replace(/'/g, "''")}'`;
    const groups = await this.graph.list<WireGroup>(groupsPath(filter), {
      purpose: `looking up group ${JSON.stringify(name)}`,
    });
    for (const group of groups) {
      this.facts.set(group.id.toLowerCase(), Promise.resolve(group));
      this.onFound(principalOf(group));
    }
    return groups;
  }
}

/** Refusals that say themselves what they are about, and that our callers act on. */
const ABOUT_THE_REQUEST = [
  "RoleAssignmentExists",
  "RoleAssignmentDoesNotExist",
  "PendingRoleAssignmentRequest",
  "ActiveDurationTooShort",
  "SubjectNotFound",
  "RoleNotFound",
  "ResourceNotFound",
  "RoleAssignmentRequestPolicyValidationFailed",
  "RoleAssignmentRequestAcrsValidationFailed",
  "MfaAndAcrsConflict",
];
const NAME_PREFIX = 3;
const NAMES = 100;

/** The same group as somebody who may hold access. */
function principalOf(group: WireGroup): PrincipalFound {
  const found = readPrincipal({ "@odata.type": "#microsoft.graph.group", ...group });
  if (found === undefined) throw new TypeError("a group without an id");
  return found;
}

function groupsPath(filter: string): string {
  return `/groups?$filter=${encodeURIComponent(filter)}&$select=${GROUP_SELECT}`;
}

import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Emulator } from "pulumi-entra-pim/emulator";

const repositoryRoot = join(__dirname, "..", "..");

/** Delegated permissions of the public client that people sign in with. */
const SCOPES = [
  "RoleEligibilitySchedule.ReadWrite.Directory",
  "RoleAssignmentSchedule.ReadWrite.Directory",
  "RoleManagementPolicy.Read.Directory",
  "RoleManagement.Read.Directory",
  "PrivilegedAccess.ReadWrite.AzureAD",
];

/** Who plays, and what is asked of the rest of the demo. */
export interface PeopleAct {
  emulator: Emulator;
  /** Somebody who is eligible for the role. */
  requester: string;
  /** Somebody who approves its activations. */
  approver: string;
  /** A directory role whose activation needs approval, by name. */
  role: string;
  /** Whether the requester holds the role now. */
  isActive(): Promise<boolean>;
  /** Lets the host of further runs go by the emulator's clock. */
  moveClock(now: string): void;
  /** `pulumi refresh` or `pulumi preview --refresh` of the stack that declares the role; answers whether it saw drift. */
  seesDrift(): Promise<boolean>;
  say(line: string): void;
  expect(holds: boolean, what: string): void;
}

/**
 * A person activates a role, another approves, the access is there; time passes, it is gone; and the stack that declares
 * the role sees no drift at any time, because an activation is not configuration.
 */
export async function playPeople(act: PeopleAct): Promise<void> {
  const { emulator, requester, approver, role, say, expect } = act;
  const people = new People(emulator);
  say(
    `${requester} and ${approver} each have a terminal, and sign in with a code on their phones.`,
  );
  const listed = await people.run(requester, ["eligible", "--surface", "entra"]);
  expect(listed.text.includes(role), `${requester} may activate ${role}`);
  const asked = people.run(requester, [
    "activate",
    role,
    "--surface",
    "entra",
    "--for",
    "PT1H",
    "--reason",
    "mail is down",
    "--ticket",
    "CHG-1042",
    "--wait",
  ]);
  await people.waitForRequest();
  expect(!(await act.isActive()), "nothing is given before somebody approves");
  const pending = await people.run(approver, ["approvals", "--surface", "entra"]);
  expect(pending.text.includes(requester), `${approver} sees the request`);
  const decided = await people.run(approver, [
    "approve",
    "--all-from",
    requester,
    "--surface",
    "entra",
    "--reason",
    "agreed in CHG-1042",
    "--yes",
  ]);
  expect(decided.exitCode === 0, `${approver} approves`);
  const done = await asked;
  expect(
    done.exitCode === 0 && /active until/.test(done.text),
    "the waiting command ends: it is active",
  );
  expect(await act.isActive(), `${requester} holds ${role}`);
  expect(!(await act.seesDrift()), "the stack sees no drift: an activation is not configuration");
  act.moveClock(emulator.control.clock({ advance: "PT61M" }).now);
  expect(!(await act.isActive()), "an hour later it is gone by itself");
  expect(!(await act.seesDrift()), "and that is no drift either");
}

/** What one run of a command said. */
interface Said {
  exitCode: number;
  text: string;
}

/** Runs the commands of people, and enters the codes that they show. */
class People {
  private readonly clientId: string;
  private readonly before: number;

  constructor(private readonly emulator: Emulator) {
    const { applications } = emulator.control.seed({
      applications: [{ displayName: "PIM for people", scopes: SCOPES }],
    });
    this.clientId = String(applications[0]?.["appId"]);
    this.before = this.posted();
  }

  async run(user: string, args: string[]): Promise<Said> {
    const { info, control } = this.emulator;
    process.stdout.write(`\n${user.split("@")[0]}$ entra-pim ${args.map(quoted).join(" ")}\n`);
    const offset = Math.round((Date.parse(control.clock().now) - Date.now()) / 1000);
    const child = spawn(
      process.execPath,
      [join(repositoryRoot, "dist", "cli", "main.js"), ...args],
      {
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          ...process.env,
          ...(info.caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: info.caFile }),
          ENTRA_PIM_TENANT_ID: info.tenantId,
          ENTRA_PIM_CLIENT_ID: this.clientId,
          ENTRA_PIM_SIGN_IN: "device",
          ENTRA_PIM_TOKEN_CACHE: "off",
          ENTRA_PIM_GRAPH_ENDPOINT: info.graph,
          ENTRA_PIM_ARM_ENDPOINT: info.arm,
          ENTRA_PIM_AUTHORITY_HOST: info.authority,
          ENTRA_PIM_CLOCK_OFFSET: `${offset < 0 ? "-" : ""}PT${Math.abs(offset)}S`,
        },
      },
    );
    let text = "";
    const hear = (part: string) => {
      text += part;
      const code = /"userCode": "(\w+)"/.exec(part)?.[1];
      if (code === undefined) process.stdout.write(part);
      else control.signIn({ user, userCode: code, mfa: true, acrs: ["c1"] });
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", hear);
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ exitCode: code ?? 1, text }));
    });
  }

  /** Waits until the other terminal's request has arrived. */
  async waitForRequest(): Promise<void> {
    for (let look = 0; look < 300 && this.posted() === this.before; look += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
  }

  private posted(): number {
    const isRequest = ({ method, path }: { method: string; path: string }) =>
      method === "POST" && /roleAssignmentScheduleRequests$/.test(path);
    return this.emulator.control.requests().requests.filter(isRequest).length;
  }
}

function quoted(text: string): string {
  return /^[\w@.-]+$/.test(text) ? text : `"${text}"`;
}

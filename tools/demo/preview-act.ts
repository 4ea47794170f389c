import type { Stage } from "./stage";

/** What is asked of the rest of the demo. */
export interface PreviewAct {
  stage: Stage;
  /** Emergency accounts that the guard rails know. */
  breakGlass: readonly string[];
  say(line: string): void;
  expect(holds: boolean, what: string): void;
}

/** A change that gives too much: permanent Global Administrator, a role without approval, a team for a year. */
const TOO_MUCH = `
new pim.ActiveAssignment("shortcut", {
  directoryRole: { role: pim.EntraRole.GlobalAdministrator },
  principal: { user: "david@contoso.com" },
  expiration: { permanent: true },
  justification: "it is urgent",
});
new pim.DirectoryRole("security", {
  role: pim.EntraRole.PrivilegedAuthenticationAdministrator,
  settings: { activation: { requireApproval: false, requireMfa: false } },
  eligibleAssignments: {
    platform: { principal: { group: teams.platform.groupId }, expiration: { duration: "P365D" }, justification: "CHG-1043" },
  },
});
`;

/** What the author makes of it after the review. */
const ENOUGH = `
new pim.EligibleAssignment("exchange-for-david", {
  directoryRole: { role: pim.EntraRole.MessageCenterReader },
  principal: { user: "david@contoso.com" },
  expiration: { duration: "P30D" },
  justification: "CHG-1043",
});
`;

/** Somebody changes the program: the pull request says what it means, and must not be merged until it is mended. */
export async function playPreview({ stage, breakGlass, say, expect }: PreviewAct): Promise<void> {
  stage.write("entra-pim.config.json", JSON.stringify({ profile: "microsoft", breakGlass }));
  const program = stage.read("index.ts");
  say(
    "A change adds a permanent Global Administrator, a role without approval and MFA, and a year for a team.",
  );
  stage.write("index.ts", `${program}${TOO_MUCH}`);
  const first = await stage.review();
  expect(first.exitCode === 2, "the change is blocked: exit code 2");
  expect(
    /permanent/i.test(first.text) && first.text.includes("david"),
    "the report names who becomes what",
  );
  say("\nThe author makes it thirty days of eligibility for a role that can only read.");
  stage.write("index.ts", `${program}${ENOUGH}`);
  const second = await stage.review();
  expect(second.exitCode === 0, "the mended change passes: exit code 0");
  stage.write("index.ts", program);
}

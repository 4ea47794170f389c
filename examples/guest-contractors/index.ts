import * as pulumi from "@pulumi/pulumi";
import * as pim from "pulumi-entra-pim";

interface Contract {
  guest: string;
  number: string;
  role: keyof typeof pim.EntraRole;
  startsAt?: string;
  endsAt: string;
}

const config = new pulumi.Config();
const contracts = Object.entries(config.requireObject<Record<string, Contract>>("contracts"));
const alerts = { additionalRecipients: config.requireObject<string[]>("alertRecipients") };

// Somebody of the house decides each time, and everybody hears of it.
const settings = pim.preset("microsoft", pim.Tier.High, {
  activation: {
    maximumDuration: "PT4H",
    requireApproval: true,
    approvers: [{ user: config.require("sponsor") }],
  },
  notifications: { activation: { admin: alerts }, eligibleAssignment: { admin: alerts } },
});

const roles = [...new Set(contracts.map(([, { role }]) => role))];
const made = roles.map((role) => {
  const eligibleAssignments: Record<string, pim.DirectoryAssignmentArgs> = {};
  for (const [key, contract] of contracts.filter(([, { role: wanted }]) => wanted === role)) {
    const { guest, number, startsAt, endsAt } = contract;
    eligibleAssignments[key] = {
      principal: { user: guest },
      startsAt,
      // The day on which the contract ends: what is done later, an extension too, is a change that somebody reviews.
      expiration: { endsAt },
      justification: `Contract ${number}`,
      ticket: { number, system: "Purchasing" },
    };
  }
  return new pim.DirectoryRole(role, { role: pim.EntraRole[role], settings, eligibleAssignments });
});

/** Contracts that are over: take them out of the configuration. */
export const over = pulumi.all(made.map(({ expired }) => expired)).apply((lists) => lists.flat());

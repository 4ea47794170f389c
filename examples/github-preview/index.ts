import * as pim from "pulumi-entra-pim";

// Try it: make somebody permanently active, turn approval off, or let the team be eligible for a year, in a pull request.
const approvers = [{ user: "bob@contoso.com" }, { user: "cat@contoso.com" }];

new pim.DirectoryRole("exchange-admin", {
  role: pim.EntraRole.ExchangeAdministrator,
  settings: {
    activation: { maximumDuration: "PT2H", requireMfa: true, requireApproval: true, approvers },
    eligibleAssignment: { allowPermanent: false, maximumDuration: "P365D" },
    activeAssignment: { allowPermanent: false, maximumDuration: "P15D" },
  },
  eligibleAssignments: {
    ann: {
      principal: { user: "ann@contoso.com" },
      expiration: { duration: "P90D" },
      justification: "CHG-1042",
    },
  },
});

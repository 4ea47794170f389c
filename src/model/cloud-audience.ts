import { Cloud } from "./constants";

/** Audience of the assertion by which a federated identity signs in. Source: Microsoft's workload identity federation. */
const AUDIENCES: Readonly<Record<Cloud, string>> = {
  public: "api://AzureADTokenExchange",
  usgovernment: "api://AzureADTokenExchangeUSGov",
  dod: "api://AzureADTokenExchangeUSGov",
  china: "api://AzureADTokenExchangeChina",
};

/** The audience that a federated credential of this cloud expects. */
export function assertionAudience(cloud: Cloud): string {
  return AUDIENCES[cloud];
}

/** Spellings of others: Terraform's and azuread's, Azure's SDKs', the Azure CLI's. */
const SPELLINGS: readonly [RegExp, Cloud][] = [
  [/^(?:dod|usgovernmentl5)$/i, Cloud.DoD],
  [/^(?:azure)?usgov/i, Cloud.USGovernment],
  [/^(?:azure)?china(?:cloud)?$/i, Cloud.China],
];

/** The cloud that a configuration names, in whichever spelling; the public one where it names none. */
export function cloudNamed(text: string | undefined): Cloud {
  const name = text?.trim() ?? "";
  return SPELLINGS.find(([spelling]) => spelling.test(name))?.[1] ?? Cloud.Public;
}

/** A national cloud of Microsoft. */
export type CloudName = "public" | "usgovernment" | "dod" | "china";

/** The addresses of a cloud, without a trailing slash. */
export interface CloudEndpoints {
  graph: string;
  arm: string;
  authority: string;
  /** Audience of the assertion that a federated identity presents. */
  assertionAudience: string;
}

/** Addresses as in Microsoft's list of national clouds; both US Government clouds share ARM and login. */
export const CLOUDS: Readonly<Record<CloudName, CloudEndpoints>> = {
  public: {
    graph: "https://graph.microsoft.com",
    arm: "https://management.azure.com",
    authority: "https://login.microsoftonline.com",
    assertionAudience: "api://AzureADTokenExchange",
  },
  usgovernment: {
    graph: "https://graph.microsoft.us",
    arm: "https://management.usgovcloudapi.net",
    authority: "https://login.microsoftonline.us",
    assertionAudience: "api://AzureADTokenExchangeUSGov",
  },
  dod: {
    graph: "https://dod-graph.microsoft.us",
    arm: "https://management.usgovcloudapi.net",
    authority: "https://login.microsoftonline.us",
    assertionAudience: "api://AzureADTokenExchangeUSGov",
  },
  china: {
    graph: "https://microsoftgraph.chinacloudapi.cn",
    arm: "https://management.chinacloudapi.cn",
    authority: "https://login.chinacloudapi.cn",
    assertionAudience: "api://AzureADTokenExchangeChina",
  },
};

/** Other spellings: Terraform's, Azure's SDKs' and the Azure CLI's. */
const ALIASES: Readonly<Record<string, CloudName>> = {
  global: "public",
  azurecloud: "public",
  azurepubliccloud: "public",
  usgovernmentl4: "usgovernment",
  usgov: "usgovernment",
  azureusgovernment: "usgovernment",
  azureusgovernmentcloud: "usgovernment",
  usgovernmentl5: "dod",
  azurechinacloud: "china",
};

/** Reads the name of a cloud in any of its spellings; undefined when there is no such cloud. */
export function parseCloud(text: string): CloudName | undefined {
  const name = text.trim().toLowerCase();
  return (Object.keys(CLOUDS) as CloudName[]).find((cloud) => cloud === name) ?? ALIASES[name];
}

/** Finds the cloud whose login address this is. */
export function cloudOfAuthority(authority: string): CloudName | undefined {
  return (Object.keys(CLOUDS) as CloudName[]).find((name) => CLOUDS[name].authority === authority);
}

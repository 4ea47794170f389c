import { AzureBuiltInRole } from "./roles-azure";
import { EntraRole } from "./roles-entra";

/** Names that cannot be read off the constants, by role id. */
const SPELLED: Readonly<Record<string, string>> = {
  [EntraRole.AzureDevOpsAdministrator]: "Azure DevOps Administrator",
  [EntraRole.B2CIEFKeysetAdministrator]: "B2C IEF Keyset Administrator",
  [EntraRole.B2CIEFPolicyAdministrator]: "B2C IEF Policy Administrator",
  [EntraRole.CustomerLockBoxAccessApprover]: "Customer LockBox Access Approver",
  [EntraRole.Dynamics365Administrator]: "Dynamics 365 Administrator",
  [EntraRole.Dynamics365BusinessCentralAdministrator]:
    "Dynamics 365 Business Central Administrator",
  [EntraRole.IoTDeviceAdministrator]: "IoT Device Administrator",
  [EntraRole.Microsoft365BackupAdministrator]: "Microsoft 365 Backup Administrator",
  [EntraRole.Microsoft365MigrationAdministrator]: "Microsoft 365 Migration Administrator",
  [EntraRole.SharePointAdministrator]: "SharePoint Administrator",
  [EntraRole.SharePointAdvancedManagementAdministrator]:
    "SharePoint Advanced Management Administrator",
  [EntraRole.SharePointBackupAdministrator]: "SharePoint Backup Administrator",
  [EntraRole.SharePointEmbeddedAdministrator]: "SharePoint Embedded Administrator",
  [EntraRole.SkypeForBusinessAdministrator]: "Skype for Business Administrator",
  [EntraRole.Windows365Administrator]: "Windows 365 Administrator",
};

const PROPERTIES: ReadonlyMap<string, string> = new Map(
  [...Object.entries(EntraRole), ...Object.entries(AzureBuiltInRole)].map(([name, id]) => [
    id,
    name,
  ]),
);

/** Letters of other scripts that look like Latin ones in the fonts that reports are read in. */
const LOOKALIKES: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ["аạàáâäãåɑα", "a"],
    ["ЬƄ", "b"],
    ["сϲçć", "c"],
    ["ԁɗ", "d"],
    ["еёéèêëеҽ", "e"],
    ["ɡģġ", "g"],
    ["һ", "h"],
    ["іíìîïıɩιl1|", "i"],
    ["јʝ", "j"],
    ["κк", "k"],
    ["ӏⅼ", "i"],
    ["мm", "m"],
    ["ոпñη", "n"],
    ["оοօóòôöõ0", "o"],
    ["рρ", "p"],
    ["ԛ", "q"],
    ["гɼ", "r"],
    ["ѕʂ", "s"],
    ["тτ", "t"],
    ["υսúùûü", "u"],
    ["νѵ", "v"],
    ["ѡԝ", "w"],
    ["хχ", "x"],
    ["уүýγ", "y"],
    ["ᴢʐ", "z"],
  ].flatMap(([letters = "", latin = ""]) => [...letters].map((letter) => [letter, latin])),
);

/** Microsoft's name of a built-in role; undefined for a custom one. */
export function builtInRoleName(id: string): string | undefined {
  const key = id.trim().toLowerCase();
  const spelled = SPELLED[key] ?? read.get(key);
  const property = spelled === undefined ? PROPERTIES.get(key) : undefined;
  if (property === undefined) return spelled;
  const name = words(property);
  read.set(key, name);
  return name;
}

/** Names that were read off the constants once. */
const read = new Map<string, string>();

/** The built-in role that a custom role's name can be taken for. */
export function lookedLikeRole(surface: RoleSurface, name: string): string | undefined {
  const skeleton = skeletonOf(name);
  return skeleton === "" ? undefined : skeletons(surface).get(skeleton);
}

/** Where roles have names of Microsoft's. */
type RoleSurface = "directoryRoles" | "azureRoles";

/** The id of the built-in role of this exact name or constant. */
export function builtInRoleId(name: string): string | undefined {
  const wanted = name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");
  return wanted === "" ? undefined : idsByName().get(wanted);
}

const bySkeleton: Partial<Record<RoleSurface, Map<string, string>>> = {};
let byName: Map<string, string> | undefined;

function skeletons(surface: RoleSurface): Map<string, string> {
  const roles = surface === "directoryRoles" ? EntraRole : AzureBuiltInRole;
  bySkeleton[surface] ??= new Map(
    Object.values(roles).map((id) => {
      const name = builtInRoleName(id) ?? id;
      return [skeletonOf(name), name];
    }),
  );
  return bySkeleton[surface];
}

function idsByName(): Map<string, string> {
  byName ??= new Map(
    [...PROPERTIES].reverse().map(([id, property]) => [property.toLowerCase(), id]),
  );
  return byName;
}

function skeletonOf(name: string): string {
  const letters = [...name.normalize("NFKC").toLowerCase()].map(
    (letter) => LOOKALIKES[letter] ?? letter,
  );
  return letters.join("").replace(/[^a-z0-9]/g, "");
}

/** `GlobalAdministrator` as "Global Administrator", `AIReader` as "AI Reader". */
function words(property: string): string {
  return property.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2");
}

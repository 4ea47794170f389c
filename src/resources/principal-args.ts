import type { Input } from "@pulumi/pulumi";

/**
 * Who holds or approves access: exactly one property, none and two are errors. A GUID is taken as an object id and not
 * looked up beforehand; any other text is a name, looked up once, when it is first declared. No object or several of
 * that name are an error that lists them. A name that later belongs to somebody else is reported, never followed.
 * Where the text is a secret, the name and id that are made of it are secrets too; the object id of who holds an
 * assignment remains readable, because it is a part of the resource's id.
 */
export interface PrincipalArgs {
  /** A user's object id or user principal name. @default - another kind of principal */
  user?: Input<string>;
  /**
   * A group's object id, azuread's `id` ("/groups/{id}"), or display name. To hold a directory role it must have been
   * made role-assignable, which cannot be changed later.
   * @default - another kind of principal
   */
  group?: Input<string>;
  /**
   * A service principal's object id or display name; never the application (client) id. Refused where nobody could
   * activate, that is in eligible assignments and as approver.
   * @default - another kind of principal
   */
  servicePrincipal?: Input<string>;
}

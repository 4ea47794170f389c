/** The project and stack of an owner, which is `project/stack/type/name`. */
export function stackOf(owner: string): string {
  return owner.split("/").slice(0, 2).join("/");
}

import type { Kind } from "../model/kinds";

/**
 * The text that the engine's Node host runs to find our code. It is stored in every state, so it is FROZEN: the
 * subpath `host` and protocol number 1 are supported forever, and not one byte of this may change. The host resolves
 * bare names from the program's folder, hence the sentence about a direct dependency.
 */
export function providerText(kind: Kind): string {
  return (
    `exports.handler=function(){var m;try{m=require("pulumi-entra-pim/host")}catch(e){` +
    `if(e.code!=="MODULE_NOT_FOUND")throw e;var x=new Error("pulumi-entra-pim must be a direct dependency of this ` +
    `Pulumi project");x.stack="";throw x}return m.provider(1,${JSON.stringify(kind)})}`
  );
}

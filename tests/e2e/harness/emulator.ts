// The emulated tenant that e2e tests run against, and how a stack reaches it.

import assert from "node:assert/strict";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../src/emulator";
import { walkAnswers } from "../../contract/schema-walk";
import type { StackConfig } from "./project";

/** An emulator with the settings of a stack and of the CLI that lead to it. */
export interface TestTenant extends Emulator {
  /** The configuration of a stack that manages this tenant. */
  readonly config: StackConfig;
  /** The environment of CLI runs; with `tls` it makes the throw-away CA known. */
  readonly env: Readonly<Record<string, string>>;
}

/** Starts an emulated tenant in this process; closing it holds every answer that it gave against Microsoft's metadata. */
export async function startTestTenant(options: EmulatorOptions = {}): Promise<TestTenant> {
  const { info, control, close } = await startEmulator({ keepAnswers: true, ...options });
  const env: Record<string, string> =
    info.caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: info.caFile };
  return {
    info,
    control,
    env,
    close: async () => {
      const findings = walkAnswers(control.answers().answers);
      await close();
      assert.deepEqual(findings, [], "an answer is not of Microsoft's metadata");
    },
    config: {
      "entra-pim:tenantId": info.tenantId,
      "entra-pim:clientId": info.clientId,
      "entra-pim:clientSecret": { secret: info.clientSecret },
      "entra-pim:graphEndpoint": info.graph,
      "entra-pim:armEndpoint": info.arm,
      "entra-pim:authorityHost": info.authority,
    },
  };
}

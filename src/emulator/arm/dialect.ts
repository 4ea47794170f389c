import { randomUUID } from "node:crypto";
import { Router } from "../router";
import type { Dialect, Service } from "../wire";
import { asArmError } from "./arm-errors";
import { armOperations } from "./operations";

const AUDIENCES = [
  "https://management.azure.com",
  "https://management.core.windows.net",
  "https://management.usgovcloudapi.net",
  "https://management.core.usgovcloudapi.net",
  "https://management.chinacloudapi.cn",
  "https://management.core.chinacloudapi.cn",
  "797f4846-ba00-4fd7-ba43-dac1f8f63013",
];

/** How Azure Resource Manager answers: its headers, and refusals in its envelope. */
const armDialect: Dialect = {
  headers: ({ request, record, tenant }) => {
    const correlation = request.headers["x-ms-correlation-request-id"] ?? record.requestId;
    const clientId = request.headers["x-ms-client-request-id"];
    const at = new Date(tenant.clock.now());
    return {
      "cache-control": "no-cache",
      pragma: "no-cache",
      expires: "-1",
      "content-type": "application/json; charset=utf-8",
      "x-ms-request-id": record.requestId,
      "x-ms-correlation-request-id": correlation,
      "x-ms-routing-request-id": `EMULATOR:${at.toISOString().replace(/[-:]|\.\d+/g, "")}:${randomUUID()}`,
      "strict-transport-security": "max-age=31536000; includeSubDomains",
      "x-content-type-options": "nosniff",
      ...(clientId !== undefined && { "x-ms-client-request-id": clientId }),
      ...(tenant.clock.moved && { date: at.toUTCString() }),
    };
  },
  refusal: (error, { request }) => {
    const worded = asArmError(error);
    // Some answers of the front end have a message only.
    const body =
      error.status === 405
        ? { message: `The requested resource does not support http method '${request.method}'.` }
        : { error: { code: worded.code, message: worded.message } };
    return { status: worded.status, headers: worded.headers, body };
  },
};

/** Azure Resource Manager: management groups, subscriptions, and their roles. */
export const armService: Service = {
  name: "arm",
  router: new Router(armOperations),
  isOData: false,
  dialect: armDialect,
  audiences: (origin) => [origin, ...AUDIENCES],
  accepts: (path) => {
    const clean = path.replace(/\/{2,}/g, "/");
    return /^\/(subscriptions|providers|tenants)(\/|$)/i.test(clean)
      ? { path: clean, version: "v1.0" }
      : undefined;
  },
};

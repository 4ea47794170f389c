export { type ArmCallOptions, type ArmClient, createArmClient } from "./arm.js";
export { CLOUDS, type CloudEndpoints, type CloudName } from "./clouds.js";
export { type Connection, type ConnectOptions, connect } from "./connection.js";
export { CredentialError } from "./credential-error.js";
export {
  type CredentialProblem,
  type CredentialResolution,
  type CredentialSettings,
  type CredentialSources,
  describeCredentials,
  resolveCredentials,
} from "./credentials.js";
export {
  ConnectionError,
  HttpFailure,
  hasCode,
  isAlreadyExists,
  isAuthenticationContextNeeded,
  isDoesNotExist,
  isForbidden,
  isLicenseRequired,
  isMfaAndContextConflict,
  isNotFound,
  isPending,
  isPolicyViolation,
  isRoleNotFound,
  isSubjectNotFound,
  isThrottled,
  isTooShort,
  isUnauthorized,
  isUnknownFate,
  ProtocolError,
  ServiceError,
  ThrottledError,
  UnknownFateError,
} from "./errors.js";
export type { Service } from "./exchange.js";
export {
  type BatchRequest,
  type BatchResponse,
  type CallOptions,
  type Counters,
  createGraphClient,
  type GraphClient,
  type GraphVersion,
} from "./graph.js";
export { type OpenOptions, openConnection } from "./open-connection.js";
export { createTokenSource } from "./sign-in.js";
export { type Clock, type Sleep, sleep } from "./time.js";
export { readTokenClaims, type TokenClaims } from "./token-claims.js";
export type { AccessToken, TokenOptions, TokenSource } from "./token-source.js";

/** What can go wrong with a service, as handlers tell it apart; they know no other part of the network. */
export {
  HttpFailure,
  isBroken,
  isForbidden,
  isFromBetween,
  isLicenseRequired,
  isNotFound,
  isRoleNotFound,
  isSubjectNotFound,
  isUnauthorized,
  ServiceError,
} from "../http/errors";

/** What a surface says of assignments, requests, roles and settings, as handlers see it. */
export type {
  AssignmentRequest,
  AssignmentRow,
  LivePolicy,
  PrincipalFound,
  RequestedExpiration,
  RequestOutcome,
  RequestRow,
  RoleFound,
} from "../surfaces/surface";

export {
  type DiscoveryOptions,
  discoverGroups,
  type GroupDiscovery,
  type ManageableGroup,
  type UnmanageableGroup,
} from "./discover";

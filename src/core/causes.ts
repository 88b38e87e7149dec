export type {
  CaseFacts,
  InboundFacts,
  LineFacts,
  StageFacts,
  StockFacts,
  WindowFacts,
} from "./causes/facts.ts"
export { type Evidence, type Finding, type Proposal, type Proposed, propose } from "./causes/propose.ts"
export {
  type Cause,
  type CauseClass,
  causeOf,
  destinationOf,
  type Taxonomy,
  taxonomySchema,
} from "./causes/taxonomy.ts"

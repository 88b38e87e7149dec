import type { Instant } from "../../instants.ts"
import type { Values } from "../../saying.ts"
import type { CaseFacts } from "../facts.ts"

/** Whether a signal holds: the values of its sentence, or null. */
export type Detector = (facts: CaseFacts) => Values | null
/** Detectors by the code of their signal. */
export type Detectors = Record<string, Detector>

/** Whether a span, open-ended where `to` is null or Infinity, shares an instant with [from, to). */
export const overlaps = (span: { from: Instant; to: Instant | null }, from: Instant, to: Instant): boolean =>
  span.from < to && (span.to === null || span.to > from)

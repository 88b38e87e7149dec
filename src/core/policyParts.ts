import { z } from "zod"
import { parseDuration } from "./durations.ts"
import { hoursSchema } from "./hours.ts"
import { sameJson } from "./json.ts"
import { type InnerKind, innerKinds, type Policy, thresholdsSchema } from "./policy.ts"

/** What owners change of the policy on a page: inner limits in minutes by kind, working hours by department, thresholds, and the messages to customers that leave by themselves. */
export const partsSchema = z.strictObject({
  within: z.partialRecord(
    z.enum(innerKinds),
    z
      .int()
      .min(5, "at least 5 minutes")
      .max(60 * 24 * 60, "at most 60 days"),
  ),
  hours: z.record(z.string().min(1).max(64), hoursSchema),
  thresholds: thresholdsSchema,
  autoNotices: z.array(z.string().min(1).max(64)).max(100),
})
/** The parts of the policy that are changed on a page. */
export type PolicyParts = z.infer<typeof partsSchema>

/** The parts of a version; `thresholds` are those of the causes, which hold where it has none. */
export const partsOf = (policy: Policy, thresholds: PolicyParts["thresholds"]): PolicyParts => ({
  within: Object.fromEntries(
    policy.inner.flatMap(({ clock, within }) => (within ? [[clock, parseDuration(within)! / 60_000]] : [])),
  ),
  hours: policy.hours ?? {},
  thresholds: policy.thresholds ?? thresholds,
  autoNotices: policy.autoNotices ?? [],
})

/** A version with other parts: clocks that have no limit in minutes stay as they are, and thresholds that nobody changed stay those of the causes. */
export const withParts = (
  policy: Policy,
  { within, hours, thresholds, autoNotices }: PolicyParts,
  causes: PolicyParts["thresholds"],
): Policy => ({
  ...policy,
  inner: policy.inner.map((rule) =>
    rule.within && within[rule.clock] !== undefined
      ? { ...rule, within: durationOf(within[rule.clock]!) }
      : rule,
  ),
  ...(policy.hours || Object.keys(hours).length > 0 ? { hours } : {}),
  ...(policy.thresholds || !sameJson(thresholds, causes) ? { thresholds } : {}),
  ...(policy.autoNotices || autoNotices.length > 0 ? { autoNotices } : {}),
})

const durationOf = (minutes: number): string =>
  minutes % 1440 === 0 ? `P${minutes / 1440}D` : minutes % 60 === 0 ? `PT${minutes / 60}H` : `PT${minutes}M`

/** What is wrong between parts that are each well formed, by field; empty: nothing. */
export function contradictionsOf({ within, thresholds }: PolicyParts): { field: string; message: string }[] {
  const wrong: { field: string; message: string }[] = []
  if (within.whole !== undefined && within.analyse !== undefined && within.whole < within.analyse)
    wrong.push({ field: "parts.within.whole", message: "at least as long as analyse" })
  if (thresholds.gather > thresholds.apply)
    wrong.push({ field: "parts.thresholds.gather", message: "at most as much as apply" })
  return wrong
}

/** Where a company's rules are laxer than the regulation: a clock that is longer than it says, or that stands still outside working hours. */
export type Deviation =
  | { clause: string; what: "within"; clock: InnerKind; minutes: number; regulation: number }
  | { clause: string; what: "hours"; department: string }

/** The limits that the regulation itself names, in minutes (clause 3.3a). */
export const regulationLimits: Partial<Record<InnerKind, { clause: string; minutes: number }>> = {
  analyse: { clause: "3.3a", minutes: 60 },
}

/** Every deviation of parts from the regulation, limits before hours. */
export function deviationsOf({ within, hours }: Pick<PolicyParts, "within" | "hours">): Deviation[] {
  const limits = Object.entries(regulationLimits).flatMap(([clock, { clause, minutes: regulation }]) => {
    const minutes = within[clock as InnerKind]
    return minutes !== undefined && minutes > regulation
      ? [{ clause, what: "within" as const, clock: clock as InnerKind, minutes, regulation }]
      : []
  })
  const still = Object.keys(hours).map((department) => ({
    clause: "3.3",
    what: "hours" as const,
    department,
  }))
  return [...limits, ...still]
}

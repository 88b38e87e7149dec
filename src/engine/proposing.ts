import { type Actor, admitMove, mayDo } from "../core/cases.ts"
import { windowsOf } from "../core/causes/signals/handling.ts"
import { causeOf, destinationOf, propose, type Taxonomy } from "../core/causes.ts"
import type { Instant } from "../core/instants.ts"
import { type LatenessSplit, splitLateness } from "../core/lateness.ts"
import { Refusal } from "../core/refusals.ts"
import { note } from "../store/audit.ts"
import { appendCaseLog, readCases } from "../store/cases.ts"
import { transaction } from "../store/database.ts"
import { type CasePlace, casesBreached } from "../store/evidence.ts"
import { caseNumber } from "../store/keys.ts"
import { lockOrders } from "../store/orders.ts"
import {
  casesToLookAgain,
  casesWaitingFor,
  casesWithoutProposal,
  decideProposals,
  giveCauses,
  proposalsOf,
  type SharedGroup,
  type StoredProposal,
  saveProposals,
  sharedGroups,
} from "../store/proposals.ts"
import type { Session } from "../store/statement.ts"
import { type Gathered, gatherFacts } from "./evidence.ts"
import { partOf } from "./parts.ts"
import { causesAt } from "./publishing.ts"
import type { EngineWorld } from "./world.ts"

/** How many cases are looked at in one transaction. */
const atOnce = 500
/** A case that waits is looked at again this often: stock, a notice or a scan may have come. */
const againMs = 15 * 60_000
/** Longer than any process is down: cases opened while none looked are found at the start. */
const backMs = 30 * 24 * 60 * 60_000
/** Longer than any transaction that opens a case lasts. */
const slackMs = 10 * 60_000

/** What was proposed in a round. */
export type Proposing = { looked: number; applied: string[] }

/** Proposes causes for cases that have no proposal, or that wait and were last looked at a while ago; applies what is sure enough (clause 3.2). */
export function startProposing(world: EngineWorld): () => Promise<Proposing> {
  let since: Instant | null = null
  return async () => {
    const done = await transaction(world.db, async (tx) => {
      const now = await world.instant(tx)
      since ??= now - backMs
      const fresh = await casesWithoutProposal(tx, since, atOnce)
      if (fresh.length < atOnce) since = Math.max(since, now - slackMs)
      const again =
        fresh.length < atOnce ? await casesToLookAgain(tx, now - againMs, atOnce - fresh.length) : []
      return proposeFor(world, tx, [...fresh, ...again], now)
    })
    if (done.applied.length > 0) world.changed({ cases: done.applied })
    return done
  }
}

/** Looks at the facts of cases, keeps what speaks for which cause, and gives those that are sure enough their cause. */
export async function proposeFor(
  world: EngineWorld,
  tx: Session,
  cases: readonly CasePlace[],
  now: Instant,
): Promise<Proposing> {
  if (cases.length === 0) return { looked: 0, applied: [] }
  const { version, part: taxonomy } = await causesAt(world, tx, now)
  const gathered = await gatherFacts(world, tx, cases, now)
  const rows = gathered.map((each) => proposalOf(each, taxonomy, version, now))
  // Cases are written under the lock of their order, in its order, as everything else of an order.
  const sure = rows.filter(({ state }) => state === "applied")
  await lockOrders(tx, placesOf(sure))
  const changed = await giveCauses(
    tx,
    sure.map(({ bucket, n, cause }) => ({ bucket, n, cause: cause! })),
    now,
    false,
  )
  const given = new Set(changed.map(({ bucket, n }) => caseNumber(n, bucket)))
  await saveProposals(tx, rows)
  await appendCaseLog(
    tx,
    sure
      .filter(({ bucket, n }) => given.has(caseNumber(n, bucket)))
      .map(({ bucket, n, cause, confidence }) => ({
        bucket,
        caseN: n,
        at: now,
        what: "cause",
        who: null,
        data: { cause, confidence },
      })),
  )
  return { looked: rows.length, applied: [...given] }
}

const placesOf = (rows: readonly { bucket: number; orderId: string }[]) =>
  rows
    .map(({ bucket, orderId }) => ({ bucket, id: orderId }))
    .sort((one, other) => one.bucket - other.bucket || (one.id < other.id ? -1 : 1))

function proposalOf(
  { breached, facts, windowIds }: Gathered,
  taxonomy: Taxonomy,
  version: number,
  now: Instant,
): StoredProposal {
  const { proposals, applied, asks, stale } = propose(taxonomy, facts)
  const [best] = proposals
  const cause = causeOf(taxonomy, breached.cause ?? best?.cause ?? null) ?? null
  const shared = best
    ? sharedBy(
        best.for.map(({ signal }) => signal),
        facts,
      )
    : nothingShared
  const [outage] = [...windowsOf(facts, "own_outage"), ...windowsOf(facts, "platform_outage")]
  return {
    bucket: breached.bucket,
    n: breached.n,
    orderId: breached.orderId,
    taxonomy: version,
    madeAt: now,
    cause: best?.cause ?? null,
    confidence: best?.confidence ?? 0,
    asks,
    stale,
    proposals: proposals.slice(0, 5),
    split: splitLateness(facts, cause),
    ...shared,
    outage: outage ? windowIds[facts.windows.indexOf(outage)]! : null,
    state: applied === null ? "waiting" : "applied",
    decidedAt: null,
    decidedBy: null,
    reason: null,
    note: null,
  }
}

const nothingShared = { sku: null, warehouse: null, carrier: null, liveSession: null }
const ofGoods = new Set([
  "sellable_zero",
  "no_inbound",
  "inbound_overdue",
  "supplier_confirmed_later",
  "count_difference",
  "locked_over_onhand",
  "batch_blocked",
  "transfer_open",
  "gift_short",
  "sold_over_locked",
  "listing_date_before_supply",
  "type_differs_among_same",
])
const ofWarehouse = new Set([
  "backlog_high",
  "stage_slow",
  "load_over_capacity",
  "roster_short",
  "packing_stopped",
])
const ofCarrier = new Set([
  "pickup_missed_many",
  "carrier_notice",
  "hub_stalled_many",
  "label_refused_by_carrier",
])
const ofSession = new Set(["sold_over_locked", "sales_over_plan", "spoken_promise_shorter"])

/** What a case shares with others by what speaks for its cause: its SKU where that speaks of goods, and so on. */
function sharedBy(
  signals: readonly string[],
  facts: Gathered["facts"],
): Pick<StoredProposal, "sku" | "warehouse" | "carrier" | "liveSession"> {
  const speaks = (set: ReadonlySet<string>) => signals.some((signal) => set.has(signal))
  return {
    sku: speaks(ofGoods) ? (facts.lines.find(({ sku }) => sku !== null)?.sku ?? null) : null,
    warehouse: speaks(ofWarehouse) ? facts.order.warehouse : null,
    carrier: speaks(ofCarrier) ? facts.order.carrier : null,
    liveSession: speaks(ofSession) ? facts.order.liveSession : null,
  }
}

/** Groups of open cases that share strong evidence for one cause, as incidents are gathered from (above the policy's threshold and number). */
export async function groupsForIncidents(
  world: EngineWorld,
  session: Session,
  at: Instant,
): Promise<SharedGroup[]> {
  const { part } = await causesAt(world, session, at)
  return sharedGroups(session, part.thresholds.gather, part.thresholds.gatherFrom)
}

/** The proposal of a case, made now where there is none yet: the first look. */
export async function proposalFor(
  world: EngineWorld,
  tx: Session,
  place: CasePlace,
): Promise<StoredProposal | null> {
  const [found] = await proposalsOf(tx, [place])
  if (found) return found
  await proposeFor(world, tx, [place], await world.instant(tx))
  return (await proposalsOf(tx, [place]))[0] ?? null
}

/** Whose hours the lateness of a case is by now, as its report splits it: by the cause that it goes by, else by the one proposed. */
export async function splitNow(
  world: EngineWorld,
  session: Session,
  proposal: StoredProposal,
  now: Instant,
): Promise<LatenessSplit> {
  const [gathered] = await gatherFacts(world, session, [proposal], now)
  if (!gathered) return proposal.split
  const { part: taxonomy } = await partOf(session, "causes")
  return splitLateness(gathered.facts, causeOf(taxonomy, gathered.breached.cause ?? proposal.cause) ?? null)
}

// ------------------------------------------------------------------ what people decide

/** A decision on the cause of cases: the one proposed, or another with a reason of the list `overrule_cause`. */
export type CauseDecision = { by: string; cause?: string; reason?: string; note?: string }

/** Writes down what a person decided about a case's cause beside what was proposed; the act that calls it changes the case. */
export async function recordDecision(
  tx: Session,
  places: readonly (CasePlace & { cause: string })[],
  { by, reason, note: said }: CauseDecision,
  at: Instant,
): Promise<void> {
  const known = await proposalsOf(tx, places)
  await decideProposals(
    tx,
    known.map((each) => {
      const cause = places.find(({ bucket, n }) => bucket === each.bucket && n === each.n)!.cause
      return {
        bucket: each.bucket,
        n: each.n,
        state: each.cause === cause ? ("confirmed" as const) : ("overruled" as const),
        decidedAt: at,
        decidedBy: by,
        reason: reason ?? null,
        note: said ?? null,
      }
    }),
  )
}

/** Takes back what was decided of causes with the acts that said so; `cause` is what each case goes by again. Without one its proposal waits again. */
export async function takeBackDecisions(
  tx: Session,
  cases: readonly (CasePlace & { cause: string | null })[],
): Promise<void> {
  const known = await proposalsOf(tx, cases)
  await decideProposals(
    tx,
    known.flatMap(({ bucket, n, cause: proposed }) => {
      const { cause } = cases.find((each) => each.bucket === bucket && each.n === n)!
      // What somebody had said before, against what was proposed, is said again.
      if (cause !== null && cause !== proposed) return []
      const state = cause === null ? ("waiting" as const) : ("applied" as const)
      return [{ bucket, n, state, decidedAt: null, decidedBy: null, reason: null, note: null }]
    }),
  )
}

/** The most cases that one decision is about. */
export const decideMax = 5000

/** Confirms the cause proposed, or gives another, for many cases at once, as the act of each; answers how many changed. Refuses a named one of which the cause is not theirs to say, or said for good. */
export async function decideCauses(
  world: EngineWorld,
  about: { cases: readonly CasePlace[] } | { waitingFor: string },
  decision: Omit<CauseDecision, "by">,
  actor: Actor,
): Promise<{ decided: number; cases: string[] }> {
  const cases = await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const places = "cases" in about ? about.cases : await casesWaitingFor(tx, about.waitingFor, decideMax)
    const { part: taxonomy } = await partOf(tx, "causes")
    if (decision.cause !== undefined && !causeOf(taxonomy, decision.cause))
      throw new Refusal("not_found", "There is no such cause.")
    await lockOrders(tx, placesOf(await casesBreached(tx, places)))
    const own = await readCases(tx, places)
    if ("cases" in about) for (const each of own) admitMove("cause", each, actor)
    const theirs = own.filter((each) => mayDo("cause", each, actor))
    const known = await proposalsOf(tx, theirs)
    const wanted = known.flatMap((each) => {
      const cause = decision.cause ?? each.cause
      return cause === null ? [] : [{ bucket: each.bucket, n: each.n, cause, proposed: each.cause }]
    })
    if (wanted.some(({ cause, proposed }) => cause !== proposed) && !decision.reason)
      throw new Refusal("reason_needed")
    await giveCauses(tx, wanted, at, true)
    await recordDecision(tx, wanted, { by: actor.name, ...decision }, at)
    await appendCaseLog(
      tx,
      wanted.map(({ bucket, n, cause, proposed }) => ({
        bucket,
        caseN: n,
        at,
        what: "cause",
        who: actor.name,
        data: {
          cause,
          department: destinationOf(taxonomy, cause).department,
          ...(cause === proposed
            ? { confirmed: true }
            : { reason: decision.reason ?? null, note: decision.note ?? null }),
        },
      })),
    )
    const numbers = wanted.map(({ bucket, n }) => caseNumber(n, bucket))
    await note(
      tx,
      {
        who: actor.name,
        what: "case.cause",
        subject: numbers.length === 1 ? numbers[0]! : `${numbers.length} cases`,
        after: {
          cause: decision.cause ?? null,
          reason: decision.reason ?? null,
          note: decision.note ?? null,
          cases: numbers.slice(0, 200),
        },
      },
      at,
    )
    return numbers
  })
  world.changed({ cases })
  return { decided: cases.length, cases }
}

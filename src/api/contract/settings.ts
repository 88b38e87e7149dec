import type { PolicyParts } from "../../core/policyParts.ts"
import type { Iso } from "../contract.ts"

export type ShopSettingsView = {
  mode: "live" | "batch"
  facts: string[]
  platformStop: "shipped" | "collected"
  graceHours: number
}
export type ShopView = {
  channel: string
  /** null: what holds for all its shops that say nothing of their own */
  shop: string | null
  settings: ShopSettingsView
  /** when orders of it were heard of; null: not yet */
  heardAt: Iso | null
  toldAt: Iso | null
}
export type ChannelsView = {
  /** number of the settings in force */
  number: number
  shops: ShopView[]
  /** orders that are being judged again by the latest change */
  rejudging: { number: number; orders: number; finishedAt: Iso | null } | null
}

export type TypeRuleView = {
  type: string
  when: { titleContains?: string[]; sku?: string[]; liveSession?: string[] }
}
export type TypeRulesView = {
  policy: number
  /** whether orders are there: then a change is a new version, in force for orders paid from then on */
  orders: number
  /** orders that have not left and would have another type by these rules than by those they were paid under */
  behind: number
  rules: TypeRuleView[]
}
export type TypeRulesTried = {
  /** how many orders were looked at: the open ones, the newest first, up to a limit */
  looked: number
  whole: boolean
  /** by rule: how many orders it takes, with some of them */
  rules: { takes: number; examples: { orderNo: string; channel: string; shop: string; title: string }[] }[]
  /** orders whose type would change against the rules in force */
  changed: number
}

/** GET /api/v1/gateway: the host to which messages to customers are posted; null: none. */
export type GatewayView = { gateway: { shown: string; changedAt: Iso } | null }
/** PUT /api/v1/gateway: what is left out stays as it is; null: no gateway. */
export type GatewayBody = { url?: string; secret?: string } | null
/** POST /api/v1/gateway/test. */
export type GatewayTried = { sent: boolean; why: string | null; messageId: string | null }

/** GET /api/v1/policy: the parts that owners change on a page, and every version. */
export type PolicyView = {
  /** of which version the parts are, the newest: it is sent along as `base` */
  version: number
  parts: PolicyParts
  /** the parts that hold now, where the newest version is only planned */
  inForce: { version: number; parts: PolicyParts }
  /** a version that is published now holds from then on at the earliest; null: at once */
  earliest: Iso | null
  /** whether there is a gateway for messages that leave by themselves */
  gateway: boolean
  /** the newest first, at most 100 */
  versions: PolicyVersionView[]
  serverTime: Iso
}
export type PolicyVersionView = {
  version: number
  effectiveAt: Iso
  publishedAt: Iso
  /** null: the company began with it */
  by: string | null
  reason: string | null
  state: "planned" | "inForce" | "past"
}
/** POST /api/v1/policy/versions; without an instant it holds at once, or from when a planned version begins. */
export type PolicyBody = { base: number; parts: PolicyParts; effectiveAt?: Iso; reason: string }

export type WarehouseView = {
  id: string
  name: string
  region: string
  carriers: { carrier: string; cutOffs: string[] }[]
  position: number
  closedAt: Iso | null
}
export type PartnerKind = "carrier" | "supplier" | "dropshipper" | "cloud_warehouse" | "platform"
export type ContactView = { name: string; role: string; phone: string; email: string; hours: string }
export type PartnerView = {
  id: string
  kind: PartnerKind
  name: string
  contacts: ContactView[]
  note: string
  closedAt: Iso | null
}

export type SetupStepState = "open" | "done" | "skipped"
export type SetupView = {
  steps: { id: string; state: SetupStepState; seconds: number; says: Record<string, string | number> }[]
  startedAt: Iso | null
  finishedAt: Iso | null
}

export type CompanyView = { name: string; timezone: string; language: string; region?: string }

export type KeyRow = {
  id: string
  name: string
  role: string
  source: string
  createdAt: Iso
  expiresAt: Iso | null
  revokedAt: Iso | null
}

/** How this server is reached: by the address its links carry, and by those of the local network. */
export type ReachView = { publicUrl: string | null; addresses: string[] }
/** `self`: this server answered; `other`: something else did; `none`: nothing, in time. */
export type ReachAnswer = { answer: "self" | "other" | "none" | "unset"; tookMs: number }

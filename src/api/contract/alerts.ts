import type { Words } from "../../core/words.ts"
import type { Iso } from "../contract.ts"

export type RobotKindName = "wecom" | "dingtalk" | "feishu" | "mail"

/** A robot as it is shown: never its address or secret whole. */
export type RobotRow = {
  id: string
  kind: RobotKindName
  name: string
  department: string
  codes: string[]
  warehouses: string[]
  shown: string
  secretAt: Iso | null
  keyword: string | null
  quiet: { from: string; to: string } | null
  active: boolean
  /** posts of the last minute, of how many the platform takes */
  minute: { posted: number; most: number }
  blockedUntil: Iso | null
  lastSentAt: Iso | null
  dead: number
  waiting: number
  escalateMinutes: number
  head: string | null
}

/** What is sent to add or change a robot; an address or secret left out stays, a secret of null goes. */
export type RobotChange = {
  kind: RobotKindName
  name: string
  department: string
  codes: string[]
  warehouses: string[]
  address?: string
  secret?: string | null
  keyword: string | null
  quiet: { from: string; to: string } | null
  active: boolean
}

export type DeliveryStateName = "waiting" | "sending" | "sent" | "dropped" | "dead"

/** One sending, as the list shows it. */
export type DeliveryRow = {
  id: string
  at: Iso
  robot: { id: string; name: string }
  code: string
  said: string
  state: DeliveryStateName
  /** it went out together with others as one card */
  gathered: boolean
  tries: number
  /** why it did not go out (words under `alerts.why`), the platform's code and message */
  why: string | null
  platform: { code: string; message: string } | null
  dueAt: Iso | null
  sentAt: Iso | null
  tookMs: number | null
  /** the robot that said it instead */
  instead: string | null
}
export type DeliveryCounts = {
  today: number
  dead: number
  waiting: number
  slowestMs: number | null
  /** orders that needed no card of their own */
  merged: number
}

/** A card as a group sees it. */
export type CardView = {
  code: string
  level: "near" | "over" | "unconfirmed" | "info"
  title: string
  lines: string[]
  phone: string
  open: { says: string; url: string } | null
  take: { says: string; url: string } | null
}
export type CardPreview = { card: CardView; at: Iso; example: boolean }

/** A warning with its owner, and how it stands. */
export type WarningRow = {
  id: string
  code: string
  department: string
  departmentName: string
  /** its first line, and all of it in one, for every language; null: nothing is left to say */
  title: Words | null
  said: Words | null
  path: string
  at: Iso
  firstDueAt: Iso | null
  total: number
  open: number
  saved: number
  lost: number
  owner: { id: string; name: string } | null
  takenBy: { id: string; name: string } | null
  takenAt: Iso | null
  escalatesAt: Iso | null
  escalatedAt: Iso | null
  endedAt: Iso | null
  mine: boolean
}

export type AlertSettingsView = {
  escalateMinutes: Record<string, number>
  digestAt: string | null
  mail: {
    host: string
    port: number
    secure: boolean
    user: string | null
    from: string
    hasPassword: boolean
  } | null
}

export type BellItem = {
  id: string
  kind: string
  data: Record<string, unknown>
  link: string | null
  at: Iso
  readAt: Iso | null
}
export type Bell = { items: BellItem[]; unread: number; next: string | null }

export type DeadJobRow = { id: string; queue: string; error: string; at: Iso }

import type { Iso, RoleName } from "../contract.ts"

export type HeldView = { role: RoleName; department: string | null }

/** `here` works here, `temporary` until a day, `leaving` soon for good, `gone` no more. */
export type PersonState = "here" | "temporary" | "leaving" | "gone"

export type PersonRow = {
  id: string
  name: string
  email: string
  active: boolean
  state: PersonState
  expiresAt: Iso | null
  leavesAt: Iso | null
  department: string | null
  /** since when they are in it */
  since: Iso | null
  heads: string[]
  roles: HeldView[]
  /** whether whoever asks may change this person */
  mine: boolean
}

export type StretchView = { department: string | null; role: RoleName | null; from: Iso; to: Iso | null }
export type PersonView = PersonRow & { departments: StretchView[]; rolesHeld: StretchView[] }

export type DepartmentRow = {
  id: string
  name: string
  parent: string | null
  head: string | null
  headName: string | null
  position: number
  people: number
  onDuty: { id: string; name: string; until: Iso }[]
  closedAt: Iso | null
}

export type InvitationRow = {
  id: string
  name: string
  roles: HeldView[]
  department: string | null
  invitedBy: string
  createdAt: Iso
  expiresAt: Iso
  uses: number
  usesMax: number
}

export type AuditRow = {
  id: string
  at: Iso
  who: string
  what: string
  subject: string
  before: unknown
  after: unknown
}

/** People read from a table, with the links that let them in once it was carried out. */
export type StaffTableView = {
  people: {
    row: number
    name: string
    email: string | null
    department: string | null
    roles: HeldView[]
    expiresAt: Iso | null
    path: string | null
    /** somebody signs in with this address already; nothing was changed */
    known: boolean
  }[]
  problems: { row: number; column: number; problem: string; text: string }[]
  done: boolean
}

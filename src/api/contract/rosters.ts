import type { Iso } from "../contract.ts"

export type ShiftView = { id: string; staff: string; department: string; from: Iso; to: Iso }
export type LeaveView = { id: string; staff: string; from: Iso; to: Iso | null; reason: string }
/** A department on the roster: who is on duty now, and whom work falls to when nobody is. */
export type RosterDepartment = {
  id: string
  name: string
  /** whether whoever asks may change its roster */
  mine: boolean
  head: { id: string; name: string } | null
  onDuty: { id: string; name: string; until: Iso }[]
}
export type RosterView = {
  people: { id: string; name: string; department: string | null }[]
  departments: RosterDepartment[]
  shifts: ShiftView[]
  leaves: LeaveView[]
  templates: ShiftTemplateView[]
  timezone: string
}
/** A shift that is put again and again; times of day, an end not after its start is on the next day. */
export type ShiftTemplateView = { name: string; from: string; to: string }
/** A week read from a table; nothing was done unless `done` says so. */
export type RosterTableView = {
  shifts: (Omit<ShiftView, "id"> & { row: number; column: number })[]
  problems: { row: number; column: number; problem: string; text: string }[]
  done: { ids: string[]; added: number; removed: number } | null
}

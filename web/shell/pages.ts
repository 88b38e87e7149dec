import {
  Activity,
  ArrowRightLeft,
  BarChart3,
  BellRing,
  Boxes,
  CalendarClock,
  Clock3,
  FileText,
  Gauge,
  Handshake,
  ListChecks,
  type LucideIcon,
  MessageCircle,
  Microscope,
  Package,
  ScanFace,
  Settings,
  Upload,
  UserRound,
} from "lucide-react"
import { type ComponentType, lazy } from "react"
import type { Action, Subject } from "../../src/core/permissions.ts"

/** A page is a folder of web/ with a page.tsx; what does not exist yet is not in the rail. */
const files = import.meta.glob<{ default: ComponentType }>("../*/page.tsx")

export type PageEntry = {
  name: string
  path: string
  icon: LucideIcon
  may: [Action, Subject]
  /** a hairline stands above it */
  parted?: true
  Page: ComponentType
}

const listed: [name: string, path: string, icon: LucideIcon, may: [Action, Subject], parted?: true][] = [
  ["board", "/board", Gauge, ["read", "order"]],
  ["work", "/work", ListChecks, ["read", "case"]],
  ["orders", "/orders", Package, ["read", "order"]],
  ["cases", "/cases", Clock3, ["read", "case"]],
  ["evidence", "/evidence", Microscope, ["read", "case"]],
  ["report", "/report", FileText, ["read", "case"]],
  ["care", "/care", MessageCircle, ["read", "care"]],
  ["warehouse", "/warehouse", Boxes, ["read", "warehouse"]],
  ["partners", "/partners", Handshake, ["read", "case"]],
  ["import", "/import", Upload, ["act", "events"], true],
  ["analytics", "/analytics", BarChart3, ["read", "order"], true],
  ["supervision", "/supervision", ScanFace, ["read", "supervision"]],
  ["settings", "/settings", Settings, ["read", "people"]],
  ["engine", "/engine", Activity, ["read", "settings"]],
]

/** Pages that a link leads to and that have no place in the rail. */
const beside: typeof listed = [
  ["warnings", "/warnings", BellRing, ["read", "order"]],
  ["roster", "/roster", CalendarClock, ["read", "case"]],
  ["handover", "/handover", ArrowRightLeft, ["read", "case"]],
  ["record", "/record", UserRound, ["read", "case"]],
]

const entriesOf = (list: typeof listed): PageEntry[] =>
  list.flatMap(([name, path, icon, may, parted]) => {
    const load = files[`../${name}/page.tsx`]
    return load ? [{ name, path, icon, may, Page: lazy(load), ...(parted ? { parted } : {}) }] : []
  })

/** The pages that exist, in the order of the rail; each is a chunk of its own. */
export const pages: PageEntry[] = entriesOf(listed)
/** Every page that has an address. */
export const routes: PageEntry[] = [...pages, ...entriesOf(beside)]

/** Fetches a page's chunk before it is asked for. */
export const prefetch = (name: string): void => void files[`../${name}/page.tsx`]?.()

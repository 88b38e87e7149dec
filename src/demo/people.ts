import type { Role } from "../core/permissions.ts"

/** The departments of the sample company, by the codes of content/departments.json. */
export const departments = [
  { id: "operations", name: "运营", parent: null },
  { id: "service", name: "客服", parent: null },
  { id: "warehouse", name: "仓储物流", parent: null },
  { id: "purchasing", name: "采购", parent: null },
  { id: "live", name: "直播", parent: "operations" },
  { id: "finance", name: "财务", parent: null },
  { id: "administration", name: "行政", parent: null },
  { id: "supervision", name: "监督小组", parent: null },
] as const
export type DepartmentId = (typeof departments)[number]["id"]

/** When somebody works: by day, early, late, or not by shifts. */
type Turn = "day" | "early" | "late"

/** Somebody to sign in as. */
export type SamplePerson = {
  name: string
  email: string
  department: DepartmentId
  roles: readonly [role: Role, department: DepartmentId | null][]
  head?: true
  /** how they are offered on the sign-in page, when they are among the first five */
  as?: "operations" | "service" | "warehouse" | "head" | "owner"
  turn: Turn
  /** days after the start on which the account ends */
  leavesInDays?: number
}

const at = (name: string) => `${name}@qingheli.example`

/** The people, each with their roles; several hold two. */
export const people: readonly SamplePerson[] = [
  {
    name: "林越",
    email: at("linyue"),
    department: "operations",
    roles: [["operations", "operations"]],
    as: "operations",
    turn: "late",
  },
  {
    name: "许静",
    email: at("xujing"),
    department: "service",
    roles: [["service", "service"]],
    as: "service",
    turn: "late",
  },
  {
    name: "蒋伟",
    email: at("jiangwei"),
    department: "warehouse",
    roles: [["warehouse", "warehouse"]],
    as: "warehouse",
    turn: "late",
  },
  {
    name: "周楠",
    email: at("zhounan"),
    department: "warehouse",
    roles: [
      ["head", "warehouse"],
      ["warehouse", "warehouse"],
    ],
    head: true,
    as: "head",
    turn: "day",
  },
  {
    name: "顾言",
    email: at("guyan"),
    department: "administration",
    roles: [["owner", null]],
    as: "owner",
    turn: "day",
  },
  {
    name: "沈一诺",
    email: at("shenyinuo"),
    department: "operations",
    roles: [
      ["head", "operations"],
      ["operations", "operations"],
      ["supervisor", null],
    ],
    head: true,
    turn: "day",
  },
  {
    name: "陈露",
    email: at("chenlu"),
    department: "service",
    roles: [
      ["head", "service"],
      ["service", "service"],
    ],
    head: true,
    turn: "day",
  },
  {
    name: "吴桐",
    email: at("wutong"),
    department: "service",
    roles: [
      ["service", "service"],
      ["supervisor", null],
    ],
    turn: "early",
  },
  {
    name: "唐果",
    email: at("tangguo"),
    department: "service",
    roles: [["service", "service"]],
    turn: "late",
    leavesInDays: 17,
  },
  {
    name: "赵磊",
    email: at("zhaolei"),
    department: "warehouse",
    roles: [["warehouse", "warehouse"]],
    turn: "early",
  },
  {
    name: "马小满",
    email: at("maxiaoman"),
    department: "warehouse",
    roles: [["warehouse", "warehouse"]],
    turn: "late",
  },
  {
    name: "何舟",
    email: at("hezhou"),
    department: "purchasing",
    roles: [
      ["head", "purchasing"],
      ["viewer", null],
    ],
    head: true,
    turn: "day",
  },
  {
    name: "阿岚",
    email: at("alan"),
    department: "live",
    roles: [
      ["head", "live"],
      ["viewer", null],
    ],
    head: true,
    turn: "late",
  },
  {
    name: "秦朗",
    email: at("qinlang"),
    department: "finance",
    roles: [
      ["head", "finance"],
      ["finance", null],
    ],
    head: true,
    turn: "day",
  },
  {
    name: "白芷",
    email: at("baizhi"),
    department: "administration",
    roles: [
      ["head", "administration"],
      ["administration", null],
      ["supervisor", null],
    ],
    head: true,
    turn: "day",
  },
]

/** Hours of a turn, by the company's clock; a late one ends after midnight. */
export const turns: Record<Turn, readonly [from: number, to: number]> = {
  early: [7, 15.5],
  day: [9, 18],
  late: [15, 24.5],
}

/** The password of everybody in the sample company; it opens nothing else. */
export const samplePassword = "qingheli-demo"

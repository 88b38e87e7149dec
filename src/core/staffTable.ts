import type { Instant } from "./instants.ts"
import { parseInstant } from "./instants.ts"
import type { Held, Role } from "./permissions.ts"

/** What a cell of a table of people could not be read as. */
export type StaffProblem =
  | "name_missing"
  | "bad_email"
  | "email_twice"
  | "unknown_department"
  | "unknown_role"
  | "bad_date"
/** A person as a table states them. */
export type TableStaff = {
  row: number
  name: string
  email: string | null
  department: string | null
  roles: Held[]
  expiresAt: Instant | null
}

const heads: Record<"name" | "email" | "department" | "roles" | "until", string[]> = {
  name: ["姓名", "人员", "员工", "員工", "name"],
  email: ["邮箱", "登录邮箱", "信箱", "電郵", "登入信箱", "email", "e-mail"],
  department: ["部门", "部門", "department"],
  roles: ["角色", "role", "roles"],
  until: ["到期", "有效期", "到期日", "until", "expires"],
}
/** The names under which people write roles; the department that a role is held for is that of the row. */
const roleNames: Record<string, Role> = {
  负责人: "owner",
  負責人: "owner",
  运营: "operations",
  營運: "operations",
  客服: "service",
  仓储: "warehouse",
  倉儲: "warehouse",
  财务: "finance",
  財務: "finance",
  行政: "administration",
  只看: "viewer",
  查看: "viewer",
  部门主管: "head",
  部門主管: "head",
  主管: "head",
  监督小组: "supervisor",
  監督小組: "supervisor",
}
/** Roles that are held for the department of the row; the others hold for the whole company. */
const ofDepartment: readonly Role[] = ["head", "service", "warehouse"]
const known: readonly string[] = [
  "owner",
  "operations",
  "service",
  "warehouse",
  "finance",
  "administration",
  "viewer",
  "head",
  "supervisor",
]
const mail = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** Reads people from a table with a head row; what cannot be read is told by its cell. A day ends at its midnight in the zone's offset given. */
export function readStaff(
  table: readonly (readonly string[])[],
  { departments, offset }: { departments: readonly { id: string; name: string }[]; offset: string },
): {
  people: TableStaff[]
  problems: { row: number; column: number; problem: StaffProblem; text: string }[]
} {
  const headRow = table.findIndex((cells) => cells.some((cell) => heads.name.includes(plain(cell))))
  if (headRow < 0)
    return {
      people: [],
      problems: [{ row: 0, column: 0, problem: "name_missing", text: table[0]?.[0] ?? "" }],
    }
  const head = table[headRow]!.map(plain)
  const at = (field: keyof typeof heads) => head.findIndex((cell) => heads[field].includes(cell))
  const columns = {
    name: at("name"),
    email: at("email"),
    department: at("department"),
    roles: at("roles"),
    until: at("until"),
  }
  const people: TableStaff[] = []
  const problems: ReturnType<typeof readStaff>["problems"] = []
  const seen = new Set<string>()
  for (let row = headRow + 1; row < table.length; row++) {
    const cell = (field: keyof typeof columns) =>
      columns[field] < 0 ? "" : (table[row]![columns[field]] ?? "").trim()
    if (table[row]!.every((text) => text.trim() === "")) continue
    const before = problems.length
    const wrong = (field: keyof typeof columns, problem: StaffProblem) =>
      problems.push({ row, column: columns[field], problem, text: cell(field) })

    const name = cell("name")
    if (name === "") wrong("name", "name_missing")
    const email = cell("email") === "" ? null : cell("email").toLowerCase()
    if (email !== null && !mail.test(email)) wrong("email", "bad_email")
    else if (email !== null && seen.has(email)) wrong("email", "email_twice")
    if (email !== null) seen.add(email)
    const told = cell("department")
    const department = departments.find(({ id, name }) => name === told || id === told)?.id ?? null
    if (told !== "" && department === null) wrong("department", "unknown_department")
    const roles = rolesOf(cell("roles"), department)
    if (roles === null) wrong("roles", "unknown_role")
    const expiresAt = cell("until") === "" ? null : endOf(cell("until"), offset)
    if (cell("until") !== "" && expiresAt === null) wrong("until", "bad_date")
    if (problems.length === before && roles !== null)
      people.push({ row, name, email, department, roles, expiresAt })
  }
  return { people, problems }
}

const plain = (cell: string): string => cell.trim().toLowerCase()

function rolesOf(text: string, department: string | null): Held[] | null {
  const names = text.split(/[,，、;；/\s]+/).filter((each) => each !== "")
  const roles = names.map((each) => roleNames[each] ?? (known.includes(each) ? (each as Role) : null))
  if (roles.includes(null)) return null
  const named = roles as Role[]
  if (named.includes("head") && department === null) return null
  return (named.length > 0 ? named : ["viewer" as Role]).map((role) => ({
    role,
    department: ofDepartment.includes(role) ? department : null,
  }))
}

/** The end of a day of the company. */
function endOf(text: string, offset: string): Instant | null {
  const found = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?/.exec(text)
  if (!found) return null
  const [, year, month, date] = found
  const start = parseInstant(`${year}-${month!.padStart(2, "0")}-${date!.padStart(2, "0")}T00:00:00${offset}`)
  return start === null ? null : start + 24 * 60 * 60_000
}

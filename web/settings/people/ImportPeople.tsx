import { Button } from "antd"
import { Download } from "lucide-react"
import type { StaffTableView } from "../../../src/api/contract/people.ts"
import { post } from "../../client.ts"
import { saveWorkbook } from "../../marks/download.ts"
import { TableDialog, type TableSent } from "../../marks/TableDialog.tsx"
import { useWords } from "../../words/words.ts"
import { useAct } from "../queries.ts"

type Props = { departments: readonly { id: string; name: string }[]; onClose: () => void }

/** People from a table: template, what would happen with the cells that are wrong, then the links to send. */
export function ImportPeople({ departments, onClose }: Props) {
  const { t } = useWords()
  const read = useAct(async ({ table, carryOut }: TableSent) =>
    post<StaffTableView>("/api/v1/people/table", { table: await table, carryOut }),
  )
  const named = (id: string | null) => departments.find((each) => each.id === id)?.name ?? ""
  const rolesOf = (roles: { role: string }[]) =>
    roles.map(({ role }) => t(`settings.role.${role}`)).join(t("line.and"))
  const heads = ["name", "email", "department", "roles", "until"].map((each) =>
    t(`settings.people.table.${each}`),
  )
  const template = () =>
    saveWorkbook(t("settings.people.table.file"), heads, [
      [
        t("settings.people.table.example"),
        "zhou@example.com",
        departments[2]?.name ?? "",
        t("settings.role.warehouse"),
        "",
      ],
    ])
  const found = read.data
  const good = found?.people.length ?? 0
  return (
    <TableDialog
      width={760}
      title={t("settings.people.fromTable")}
      means={t("settings.people.table.means")}
      template={{ label: t("settings.people.table.template"), onPress: () => void template() }}
      read={read}
      take={{ label: t("settings.people.table.take", { n: good }), n: good }}
      done={t("settings.invite.done")}
      problemOf={({ problem, text }) => t(`settings.people.problem.${problem}`, { text })}
      onClose={onClose}
    >
      {found && good > 0 && (
        <div className="table-read">
          <table>
            <thead>
              <tr>
                {heads.map((each) => (
                  <th key={each}>{each}</th>
                ))}
                {found.done && <th>{t("settings.people.table.link")}</th>}
              </tr>
            </thead>
            <tbody>
              {found.people.map((each) => (
                <tr key={each.row}>
                  <td>{each.name}</td>
                  <td>{each.email ?? "–"}</td>
                  <td>{named(each.department)}</td>
                  <td>{rolesOf(each.roles)}</td>
                  <td>{each.expiresAt?.slice(0, 10) ?? "–"}</td>
                  {found.done && (
                    <td>
                      {each.known
                        ? t("settings.people.table.known")
                        : `${window.location.origin}${each.path ?? ""}`}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found?.done && (
        <Button
          size="small"
          style={{ marginTop: 10 }}
          icon={<Download size={14} />}
          onClick={() =>
            void saveWorkbook(
              t("settings.people.table.links"),
              [heads[0]!, heads[1]!, t("settings.people.table.link")],
              found.people.map(({ name, email, path }) => [
                name,
                email ?? "",
                path ? `${window.location.origin}${path}` : "",
              ]),
            )
          }
        >
          {t("settings.people.table.saveLinks")}
        </Button>
      )}
    </TableDialog>
  )
}

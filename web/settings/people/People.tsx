import { Button, Tabs } from "antd"
import { FileUp, Link2, UserPlus } from "lucide-react"
import { useState } from "react"
import type { InvitationRow, PersonRow } from "../../../src/api/contract/people.ts"
import { remove } from "../../client.ts"
import { PageHead } from "../../marks/PageHead.tsx"
import { type Column, VirtualTable } from "../../marks/VirtualTable.tsx"
import { useWho } from "../../shell/who.tsx"
import { sayDay } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"
import { useAct, useDepartments, useInvitations, usePeople } from "../queries.ts"
import { ImportPeople } from "./ImportPeople.tsx"
import { Invite } from "./Invite.tsx"
import { PersonPanel } from "./PersonPanel.tsx"
import "./people.css"

const views = ["all", "here", "temporary", "leaving", "invited", "gone"] as const
type View = (typeof views)[number]

/** People and roles: everybody by what they are here, one of them beside the list. */
export default function PeopleSection() {
  const { t, language } = useWords()
  const { may } = useWho()
  const zone = useZone()
  const now = useNow(60_000)
  const people = usePeople()
  const invitations = useInvitations()
  const departments = useDepartments().data?.items ?? []
  const [view, setView] = useState<View>("all")
  const [open, setOpen] = useState<string | null>(null)
  const [acting, setActing] = useState<"invite" | "link" | "import" | null>(null)
  const all = people.data?.items ?? []
  const invited = invitations.data?.items ?? []
  const within = (one: View) =>
    one === "all" ? all.filter(({ state }) => state !== "gone") : all.filter(({ state }) => state === one)
  const rows = within(view)
  const named = (id: string | null) => departments.find((each) => each.id === id)?.name ?? id
  const until = ({ state, expiresAt, leavesAt }: PersonRow) => {
    const at = leavesAt ?? expiresAt
    if (state === "gone") return t("settings.people.gone")
    if (at === null) return null
    const day = sayDay(Date.parse(at), now, { language, zone })
    return t(leavesAt ? "settings.people.leavesOn" : "settings.people.endsOn", { day })
  }
  const since = (at: string | null) =>
    at === null
      ? ""
      : new Intl.DateTimeFormat("sv-SE", { timeZone: zone, year: "numeric", month: "2-digit" }).format(
          Date.parse(at),
        )
  const columns: Column<PersonRow>[] = [
    {
      key: "name",
      head: t("settings.column.name"),
      width: "minmax(148px,1fr)",
      cell: ({ name, heads, active }) => (
        <span className={`row person-name${active ? "" : " t3"}`}>
          <span className="avatar grey" aria-hidden="true">
            {name.slice(0, 1)}
          </span>
          <b className="m el">{name}</b>
          {heads.length > 0 && <span className="t3 s nw">{t("settings.people.head")}</span>}
        </span>
      ),
    },
    {
      key: "department",
      head: t("settings.people.department"),
      width: "minmax(132px,1fr)",
      cell: ({ department, since: from }) => (
        <span className="nw">
          {named(department) ?? "–"} <span className="t3 s">{since(from)}</span>
        </span>
      ),
    },
    {
      key: "roles",
      head: t("settings.column.roles"),
      width: "minmax(140px,1.4fr)",
      cell: ({ roles }) => <RoleTags roles={roles.map(({ role }) => role)} />,
    },
    {
      key: "until",
      head: t("settings.people.until"),
      width: "138px",
      cell: (row) => (
        <span className={row.leavesAt ? "m nw" : "t2 nw"}>{until(row) ?? <i className="t3">–</i>}</span>
      ),
    },
  ]
  return (
    <div className="with-panel">
      <div className="list">
        <PageHead title={t("settings.section.people")}>
          {may("act", "people") && (
            <>
              <Button size="small" icon={<FileUp size={14} />} onClick={() => setActing("import")}>
                {t("settings.people.fromTable")}
              </Button>
              <Button size="small" icon={<Link2 size={14} />} onClick={() => setActing("link")}>
                {t("settings.people.link")}
              </Button>
              <Button
                size="small"
                type="primary"
                icon={<UserPlus size={14} />}
                onClick={() => setActing("invite")}
              >
                {t("settings.invite.do")}
              </Button>
            </>
          )}
        </PageHead>
        <Tabs
          className="view-tabs"
          activeKey={view}
          onChange={(key) => setView(key as View)}
          items={views.map((key) => ({
            key,
            label: (
              <>
                {t(`settings.people.view.${key}`)}{" "}
                <em>{key === "invited" ? invited.length : within(key).length}</em>
              </>
            ),
          }))}
        />
        {view === "invited" ? (
          <Invitations rows={invited} named={named} loading={invitations.isPending} />
        ) : (
          <VirtualTable
            label={t("settings.section.people")}
            columns={columns}
            count={rows.length}
            row={(index) => rows[index]}
            rowKey={({ id }) => id}
            selected={open}
            onOpen={({ id }) => setOpen(id)}
            loading={people.isPending}
            error={people.data ? undefined : people.error}
            onRetry={() => void people.refetch()}
            narrow={(row) => (
              <div className="order-narrow">
                <b>{row.name}</b>
                <span className="t2 s el">
                  {[
                    named(row.department),
                    ...row.roles.map(({ role }) => t(`settings.role.${role}`)),
                    until(row),
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </div>
            )}
          />
        )}
        <footer className="foot">
          <span>
            {t("settings.people.foot", { n: within("all").length, departments: departments.length })}
          </span>
          <span className="grow" />
          <span className="keys">{t("settings.people.reach")}</span>
        </footer>
      </div>
      {open && <PersonPanel key={open} id={open} departments={departments} onClose={() => setOpen(null)} />}
      {(acting === "invite" || acting === "link") && (
        <Invite departments={departments} many={acting === "link"} onClose={() => setActing(null)} />
      )}
      {acting === "import" && <ImportPeople departments={departments} onClose={() => setActing(null)} />}
    </div>
  )
}

/** Roles as plain tags without a colour. */
export function RoleTags({ roles }: { roles: readonly string[] }) {
  const { t } = useWords()
  return (
    <span className="row role-tags">
      {[...new Set(roles)].map((role) => (
        <span key={role} className="tag">
          {t(`settings.role.${role}`)}
        </span>
      ))}
    </span>
  )
}

type InvitationsProps = {
  rows: readonly InvitationRow[]
  named: (id: string | null) => string | null | undefined
  loading: boolean
}

/** Invitations that can still be taken up; each can be taken back. */
function Invitations({ rows, named, loading }: InvitationsProps) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const takeBack = useAct((id: string) => remove(`/api/v1/invitations/${id}`))
  const columns: Column<InvitationRow>[] = [
    {
      key: "name",
      head: t("settings.column.name"),
      width: "minmax(120px,1fr)",
      cell: ({ name, usesMax }) => <b className="m">{name || t("settings.people.many", { n: usesMax })}</b>,
    },
    {
      key: "department",
      head: t("settings.people.department"),
      width: "minmax(100px,1fr)",
      cell: ({ department }) => named(department) ?? "–",
    },
    {
      key: "roles",
      head: t("settings.column.roles"),
      width: "minmax(120px,1fr)",
      cell: ({ roles }) => <RoleTags roles={roles.map(({ role }) => role)} />,
    },
    {
      key: "used",
      head: t("settings.people.used"),
      width: "100px",
      wide: true,
      cell: ({ uses, usesMax }) => `${uses} / ${usesMax}`,
    },
    {
      key: "until",
      head: t("settings.people.until"),
      width: "150px",
      cell: ({ expiresAt }) =>
        t("settings.people.linkEnds", { day: sayDay(Date.parse(expiresAt), now, { language, zone }) }),
    },
  ]
  return (
    <VirtualTable
      label={t("settings.people.view.invited")}
      columns={columns}
      count={rows.length}
      row={(index) => rows[index]}
      rowKey={({ id }) => id}
      loading={loading}
      acts={({ id }) => (
        <Button size="small" onClick={() => takeBack.mutate(id)}>
          {t("settings.people.takeBack")}
        </Button>
      )}
    />
  )
}

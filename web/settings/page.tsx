import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Form, Input, Modal, Select } from "antd"
import { BellRing, Check, Copy, Download, UserPlus } from "lucide-react"
import { useState } from "react"
import { useLocation, useNavigate } from "react-router"
import { roles as allRoles } from "../../src/core/permissions.ts"
import { get, post } from "../client.ts"
import { useProblem } from "../marks/Blank.tsx"
import { saveWorkbook } from "../marks/download.ts"
import { PageHead } from "../marks/PageHead.tsx"
import { type Column, VirtualTable } from "../marks/VirtualTable.tsx"
import { useWho } from "../shell/who.tsx"
import { exact } from "../time/dates.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { Alerts } from "./alerts/Alerts.tsx"
import "./settings.css"

type Person = {
  id: string
  name: string
  email: string
  active: boolean
  expiresAt: string | null
  roles: { role: string; department: string | null }[]
}
type Department = { id: string; name: string }
/** Roles that a person may hold; keys alone are integrations. */
const personRoles = allRoles.filter((role) => role !== "integration")

/** Settings: the people of the company, and alerts under an address of their own. */
export default function SettingsPage() {
  return useLocation().pathname.startsWith("/settings/alerts") ? <Alerts /> : <People />
}

/** The people of the company, and their invitations by link. */
function People() {
  const { t } = useWords()
  const navigate = useNavigate()
  const zone = useZone()
  const { may } = useWho()
  const [inviting, setInviting] = useState(false)
  const people = useQuery({ queryKey: ["people"], queryFn: () => get<{ items: Person[] }>("/api/v1/people") })
  const departments =
    useQuery({
      queryKey: ["departments"],
      queryFn: () => get<{ items: Department[] }>("/api/v1/departments"),
    }).data?.items ?? []
  const rows = people.data?.items ?? []
  const rolesOf = ({ roles }: Person) =>
    roles.map(
      ({ role, department }) =>
        `${t(`settings.role.${role}`)}${department ? ` · ${departments.find(({ id }) => id === department)?.name ?? department}` : ""}`,
    )
  const columns: Column<Person>[] = [
    { key: "name", head: t("settings.column.name"), width: "160px", cell: ({ name }) => <b>{name}</b> },
    {
      key: "email",
      head: t("settings.column.email"),
      width: "minmax(160px,1fr)",
      cell: ({ email }) => <span className="t2 el">{email}</span>,
    },
    {
      key: "roles",
      head: t("settings.column.roles"),
      width: "minmax(160px,2fr)",
      cell: (row) => (
        <span className="row" style={{ gap: 6 }}>
          {rolesOf(row).map((each) => (
            <span key={each} className="tag cancelled">
              {each}
            </span>
          ))}
        </span>
      ),
    },
    {
      key: "until",
      head: t("settings.column.until"),
      width: "160px",
      wide: true,
      cell: ({ active, expiresAt }) => (
        <span className="t2 nw">
          {!active ? t("settings.left") : expiresAt ? exact(Date.parse(expiresAt), zone) : t("settings.open")}
        </span>
      ),
    },
  ]
  const write = () =>
    saveWorkbook(
      t("settings.people"),
      columns.map(({ key }) => t(`settings.column.${key}`)),
      rows.map((row) => [row.name, row.email, rolesOf(row).join(", "), row.expiresAt ?? ""]),
    )
  return (
    <div className="settings">
      <PageHead title={t("settings.people")} aside={t("settings.count", { n: rows.length })}>
        <Button size="small" icon={<BellRing size={14} />} onClick={() => void navigate("/settings/alerts")}>
          {t("alerts.title")}
        </Button>
        <Button size="small" icon={<Download size={14} />} onClick={() => void write()}>
          {t("orders.export.do")}
        </Button>
        {may("act", "people") && (
          <Button size="small" type="primary" icon={<UserPlus size={14} />} onClick={() => setInviting(true)}>
            {t("settings.invite.do")}
          </Button>
        )}
      </PageHead>
      <VirtualTable
        label={t("settings.people")}
        columns={columns}
        count={rows.length}
        row={(index) => rows[index]}
        rowKey={({ id }) => id}
        loading={people.isPending}
        error={people.data ? undefined : people.error}
        onRetry={() => void people.refetch()}
        narrow={(row) => (
          <div className="order-narrow">
            <b>{row.name}</b>
            <span className="t2 s el">{rolesOf(row).join(" · ")}</span>
          </div>
        )}
      />
      {inviting && <Invite departments={departments} onClose={() => setInviting(false)} />}
    </div>
  )
}

type Fields = { name: string; email?: string; roles: string[]; department?: string }

/** A person is invited by a link that works once and for a week; no mail server is needed. */
function Invite({ departments, onClose }: { departments: Department[]; onClose: () => void }) {
  const { t } = useWords()
  const client = useQueryClient()
  const problem = useProblem()
  const [form] = Form.useForm<Fields>()
  const invite = useMutation({
    mutationFn: ({ name, email, roles, department }: Fields) =>
      post<{ token: string }>("/api/v1/invitations", {
        name,
        ...(email ? { email } : {}),
        roles: roles.map((role) => ({ role, department: department ?? null })),
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["people"] }),
  })
  const link = invite.data ? `${window.location.origin}/join/${invite.data.token}` : null
  return (
    <Modal
      open
      title={t("settings.invite.title")}
      onCancel={onClose}
      {...(link
        ? { footer: <Button onClick={onClose}>{t("settings.invite.done")}</Button> }
        : {
            okText: t("settings.invite.make"),
            cancelText: t("marks.close"),
            onOk: () => form.submit(),
            confirmLoading: invite.isPending,
          })}
    >
      {link ? (
        <Link link={link} />
      ) : (
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          onFinish={(fields) => invite.mutate(fields)}
          initialValues={{ roles: ["viewer"] }}
        >
          <Form.Item
            name="name"
            label={t("settings.column.name")}
            rules={[{ required: true, message: t("settings.invite.nameNeeded") }]}
          >
            <Input autoFocus />
          </Form.Item>
          <Form.Item
            name="roles"
            label={t("settings.column.roles")}
            rules={[{ required: true, message: t("settings.invite.roleNeeded") }]}
          >
            <Select
              mode="multiple"
              options={personRoles.map((role) => ({ value: role, label: t(`settings.role.${role}`) }))}
            />
          </Form.Item>
          <Form.Item name="department" label={t("settings.invite.department")}>
            <Select allowClear options={departments.map(({ id, name }) => ({ value: id, label: name }))} />
          </Form.Item>
          {invite.error && <p className="settings-error">{problem(invite.error).title}</p>}
        </Form>
      )}
    </Modal>
  )
}

function Link({ link }: { link: string }) {
  const { t } = useWords()
  const [copied, setCopied] = useState(false)
  return (
    <>
      <p className="t2">{t("settings.invite.send")}</p>
      <div className="row settings-link">
        <code className="grow">{link}</code>
        <Button
          size="small"
          icon={copied ? <Check size={14} /> : <Copy size={14} />}
          onClick={() => void navigator.clipboard.writeText(link).then(() => setCopied(true))}
        >
          {t(copied ? "settings.invite.copied" : "settings.invite.copy")}
        </Button>
      </div>
    </>
  )
}

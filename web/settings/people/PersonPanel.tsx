import { Button, Dropdown, Select } from "antd"
import { KeyRound, X } from "lucide-react"
import { useState } from "react"
import type { DepartmentRow, PersonView } from "../../../src/api/contract/people.ts"
import { isoOrNull } from "../../../src/core/instants.ts"
import type { Role } from "../../../src/core/permissions.ts"
import { patch, post } from "../../client.ts"
import { ErrorState, Skeleton } from "../../marks/Blank.tsx"
import { Panel } from "../../marks/Panel.tsx"
import { say } from "../../time/dates.ts"
import { InstantPicker } from "../../time/InstantPicker.tsx"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"
import { useAct, usePerson } from "../queries.ts"
import { Trouble } from "../Trouble.tsx"
import { InHand } from "./InHand.tsx"
import { heldFor, LinkToSend, personRoles } from "./Invite.tsx"
import { Stretches } from "./Stretches.tsx"

type Change = {
  roles?: { role: Role; department: string | null }[]
  department?: string | null
  expiresAt?: string | null
  leavesAt?: string | null
  active?: boolean
}

/** One person: roles, departments of then, when the account ends, leaving, and a way back in. */
export function PersonPanel({
  id,
  departments,
  onClose,
}: {
  id: string
  departments: readonly DepartmentRow[]
  onClose: () => void
}) {
  const { t } = useWords()
  const person = usePerson(id)
  const change = useAct((some: Change) => patch<PersonView>(`/api/v1/people/${id}`, some))
  const reset = useAct(() => post<{ token: string }>(`/api/v1/people/${id}/reset`))
  const own = person.data
  return (
    <Panel
      label={own?.name ?? t("settings.section.people")}
      onClose={onClose}
      head={
        own && (
          <>
            <span className="avatar grey" aria-hidden="true">
              {own.name.slice(0, 1)}
            </span>
            <b>{own.name}</b>
            <span className="t3 el">{departments.find(({ id }) => id === own.department)?.name}</span>
            <span className="grow" />
            {own.mine && (
              <Button
                size="small"
                icon={<KeyRound size={14} />}
                loading={reset.isPending}
                onClick={() => reset.mutate(undefined)}
              >
                {t("settings.person.reset")}
              </Button>
            )}
          </>
        )
      }
    >
      {person.error && <ErrorState error={person.error} onRetry={() => void person.refetch()} />}
      {!own && !person.error && <Skeleton rows={4} />}
      {own && (
        <>
          {(reset.data || reset.error) && (
            <section>
              {reset.data && (
                <LinkToSend
                  link={`${window.location.origin}/reset/${reset.data.token}`}
                  says={t("settings.person.resetSend")}
                />
              )}
              <Trouble error={reset.error} />
            </section>
          )}
          <section>
            <p className="t2">{own.email}</p>
          </section>
          <Roles person={own} departments={departments} onChange={(roles) => change.mutate({ roles })} />
          <Where person={own} departments={departments} onChange={(some) => change.mutate(some)} />
          <InHand person={own} />
          <Ending person={own} onChange={(some) => change.mutate(some)} />
          <section>
            <Trouble error={change.error} />
            {!own.mine && <p className="s t3">{t("settings.person.notYours")}</p>}
          </section>
        </>
      )}
    </Panel>
  )
}

type PartProps = {
  person: PersonView
  departments: readonly DepartmentRow[]
}

function Roles({
  person,
  departments,
  onChange,
}: PartProps & { onChange: (roles: NonNullable<Change["roles"]>) => void }) {
  const { t } = useWords()
  const roles = person.roles as { role: Role; department: string | null }[]
  const reach = (department: string | null) =>
    department === null
      ? t("settings.person.whole")
      : (departments.find(({ id }) => id === department)?.name ?? department)
  return (
    <section>
      <div className="section-head">
        <h2>{t("settings.column.roles")}</h2>
        <span className="t3 s grow">{t("settings.person.several")}</span>
        {person.mine && (
          <Dropdown
            trigger={["click"]}
            menu={{
              items: personRoles
                .filter((role) => !roles.some((each) => each.role === role))
                .map((role) => ({ key: role, label: t(`settings.role.${role}`) })),
              onClick: ({ key }) => onChange([...roles, heldFor(key as Role, person.department)]),
            }}
          >
            <button type="button" className="link s">
              {t("settings.person.addRole")}
            </button>
          </Dropdown>
        )}
      </div>
      {roles.map((each, i) => (
        <div className="held-row" key={`${each.role} ${each.department}`}>
          <span className="tag">{t(`settings.role.${each.role}`)}</span>
          {person.mine && each.role !== "owner" ? (
            <Select
              size="small"
              variant="borderless"
              value={each.department ?? ""}
              popupMatchSelectWidth={false}
              aria-label={t("settings.people.department")}
              options={[
                ...(each.role === "head" ? [] : [{ value: "", label: t("settings.person.whole") }]),
                ...departments
                  .filter(({ closedAt }) => closedAt === null)
                  .map(({ id, name }) => ({ value: id, label: name })),
              ]}
              onChange={(department) =>
                onChange(
                  roles.map((one, at) =>
                    at === i ? { ...one, department: department === "" ? null : department } : one,
                  ),
                )
              }
            />
          ) : (
            <span className="s t2">{reach(each.department)}</span>
          )}
          <span className="s t3 el grow">{t(`settings.roleMeans.${each.role}`)}</span>
          {person.mine && roles.length > 1 && (
            <button
              type="button"
              className="icon-button"
              aria-label={t("settings.remove")}
              onClick={() => onChange(roles.filter((_, at) => at !== i))}
            >
              <X size={14} />
            </button>
          )}
        </div>
      ))}
    </section>
  )
}

function Where({ person, departments, onChange }: PartProps & { onChange: (some: Change) => void }) {
  const { t } = useWords()
  return (
    <section>
      <div className="section-head">
        <h2>{t("settings.people.department")}</h2>
        <span className="t3 s grow">{t("settings.person.ofThen")}</span>
        {person.mine && (
          <Dropdown
            trigger={["click"]}
            menu={{
              items: departments
                .filter(({ id, closedAt }) => closedAt === null && id !== person.department)
                .map(({ id, name }) => ({ key: id, label: name })),
              onClick: ({ key }) => onChange({ department: key }),
            }}
          >
            <button type="button" className="link s">
              {t("settings.person.move")}
            </button>
          </Dropdown>
        )}
      </div>
      <Stretches stretches={person.departments} departments={departments} />
    </section>
  )
}

function Ending({ person, onChange }: { person: PersonView; onChange: (some: Change) => void }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const [leaving, setLeaving] = useState(false)
  const date = (at: string | null) => (at === null ? null : Date.parse(at))
  const told = (at: string) => say(Date.parse(at), now, { language, zone })
  return (
    <section>
      <div className="section-head">
        <h2>{t("settings.person.ending")}</h2>
      </div>
      {person.active ? (
        <>
          <div className="held-row">
            <span className="grow">{t("settings.person.temporary")}</span>
            <InstantPicker
              size="small"
              disabled={!person.mine}
              value={date(person.expiresAt)}
              placeholder={t("settings.open")}
              onChange={(at) => onChange({ expiresAt: isoOrNull(at) })}
            />
          </div>
          <div className="held-row">
            <span className="grow">{t("settings.person.leaves")}</span>
            <InstantPicker
              size="small"
              showTime={{ format: "HH:mm" }}
              format="YYYY-MM-DD HH:mm"
              disabled={!person.mine}
              value={date(person.leavesAt)}
              placeholder={t("settings.person.stays")}
              onChange={(at) => onChange({ leavesAt: isoOrNull(at) })}
            />
          </div>
          {person.leavesAt && (
            <p className="s t3">{t("settings.person.leavesMeans", { at: told(person.leavesAt) })}</p>
          )}
          {person.mine && (
            <div className="acts">
              {leaving ? (
                <>
                  <Button type="primary" onClick={() => onChange({ active: false })}>
                    {t("settings.person.offNow", { name: person.name })}
                  </Button>
                  <Button onClick={() => setLeaving(false)}>{t("marks.cancel")}</Button>
                </>
              ) : (
                <Button onClick={() => setLeaving(true)}>{t("settings.person.off")}</Button>
              )}
            </div>
          )}
          {leaving && <p className="s t3">{t("settings.person.offMeans")}</p>}
        </>
      ) : (
        <>
          <p className="t2">{t("settings.people.gone")}</p>
          {person.mine && (
            <div className="acts">
              <Button onClick={() => onChange({ active: true, leavesAt: null, expiresAt: null })}>
                {t("settings.person.on")}
              </Button>
            </div>
          )}
        </>
      )}
    </section>
  )
}

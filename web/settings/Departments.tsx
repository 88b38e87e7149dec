import { useQuery } from "@tanstack/react-query"
import { Plus, X } from "lucide-react"
import type { DepartmentRow } from "../../src/api/contract/people.ts"
import { get, post, remove } from "../client.ts"
import { ErrorState, Skeleton } from "../marks/Blank.tsx"
import { ChosenWord, TypedWord } from "../marks/Word.tsx"
import { useWho } from "../shell/who.tsx"
import type { Language } from "../words/language.ts"
import { useWords } from "../words/words.ts"
import { useAct, useDepartments, usePeople } from "./queries.ts"
import { Trouble } from "./Trouble.tsx"

type Said = Record<Language, string>
type Proposed = { id: string; name: Said; kind: string; owns: Said[]; hint: Said }
type Wish = { id: string; name: string; parent: string | null; head?: string | null; position?: number }

/** Departments, a sentence each: name, the one above, the head; those that companies of this trade have are proposed. */
export default function DepartmentsSection() {
  const { t, language } = useWords()
  const { may } = useWho()
  const departments = useDepartments()
  const people = usePeople().data?.items ?? []
  const proposed = useQuery({
    queryKey: ["departments", "proposed"],
    queryFn: () => get<{ items: Proposed[] }>("/api/v1/departments/proposed"),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const save = useAct((wish: Wish) => post("/api/v1/departments", wish))
  const close = useAct((id: string) => remove(`/api/v1/departments/${id}`))
  if (departments.error)
    return <ErrorState error={departments.error} onRetry={() => void departments.refetch()} />
  if (!departments.data) return <Skeleton rows={4} />
  const open = departments.data.items.filter(({ closedAt }) => closedAt === null)
  const disabled = !may("act", "settings")
  const known = new Map((proposed.data?.items ?? []).map((each) => [each.id, each]))
  const more = [...known.values()].filter(({ id }) => !open.some((each) => each.id === id))
  return (
    <div className="sentences">
      {open.map((each) => (
        <Department
          key={each.id}
          department={each}
          others={open.filter(({ id }) => id !== each.id)}
          people={people.filter(({ active }) => active)}
          owns={known.get(each.id)?.owns.map((own) => own[language]) ?? []}
          disabled={disabled}
          onChange={(some) =>
            save.mutate({ id: each.id, name: each.name, parent: each.parent, head: each.head, ...some })
          }
          onClose={() => close.mutate(each.id)}
        />
      ))}
      <Trouble error={save.error ?? close.error} />
      {!disabled && (
        <div className="effect">
          <h2>{t("settings.departments.more")}</h2>
          <p className="t2">{t("settings.departments.merge")}</p>
          <div className="chips">
            {more.map(({ id, name, owns }) => (
              <button
                key={id}
                type="button"
                className="chip"
                title={owns.map((own) => own[language]).join(t("line.apart"))}
                onClick={() =>
                  save.mutate({ id, name: name[language], parent: null, position: open.length + 1 })
                }
              >
                <Plus size={13} />
                {name[language]}
              </button>
            ))}
            <span className="chip">
              <Plus size={13} />
              <TypedWord
                value=""
                label={t("settings.departments.own")}
                placeholder={t("settings.departments.own")}
                onChange={(name) =>
                  name !== "" &&
                  save.mutate({
                    id: freeId(departments.data.items),
                    name,
                    parent: null,
                    position: open.length + 1,
                  })
                }
              />
            </span>
          </div>
        </div>
      )}
    </div>
  )
}

/** An id for a department of the company's own. */
function freeId(all: readonly DepartmentRow[]): string {
  for (let n = 1; ; n++) if (!all.some(({ id }) => id === `own-${n}`)) return `own-${n}`
}

type Props = {
  department: DepartmentRow
  others: readonly DepartmentRow[]
  people: readonly { id: string; name: string }[]
  owns: readonly string[]
  disabled: boolean
  onChange: (some: Partial<Wish>) => void
  onClose: () => void
}

function Department({ department, others, people, owns, disabled, onChange, onClose }: Props) {
  const { t } = useWords()
  // Who may not see the people of other departments is told who heads them all the same.
  const known = [
    { value: "", label: t("settings.departments.nobody") },
    ...people.map(({ id, name }) => ({ value: id, label: name })),
  ]
  const isKnown = known.some(({ value }) => value === (department.head ?? ""))
  return (
    <div className="shop">
      <TypedWord
        value={department.name}
        label={t("settings.departments.name")}
        disabled={disabled}
        onChange={(name) => name !== "" && onChange({ name })}
      />
      <div>
        <p>
          {t("settings.departments.headed")}
          <ChosenWord
            value={department.head ?? ""}
            label={t("settings.departments.head")}
            disabled={disabled}
            options={
              isKnown ? known : [...known, { value: department.head!, label: department.headName ?? "–" }]
            }
            onChange={(head) => onChange({ head: head === "" ? null : head })}
          />
          {t("settings.departments.above")}
          <ChosenWord
            value={department.parent ?? ""}
            label={t("settings.departments.parent")}
            disabled={disabled}
            options={[
              { value: "", label: t("settings.departments.top") },
              ...others.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={(parent) => onChange({ parent: parent === "" ? null : parent })}
          />
          {t("settings.stop")}
        </p>
        <p className="s t3">
          {t("settings.departments.people", { n: department.people })}
          {" · "}
          {department.onDuty.length > 0
            ? t("settings.departments.onDuty", {
                who: department.onDuty.map(({ name }) => name).join(t("line.and")),
              })
            : department.headName
              ? t("settings.departments.toHead", { who: department.headName })
              : t("settings.departments.toNobody")}
        </p>
        {owns.length > 0 && <p className="s t3">{owns.join(t("line.apart"))}</p>}
      </div>
      {!disabled && department.people === 0 && (
        <button type="button" className="icon-button" aria-label={t("settings.remove")} onClick={onClose}>
          <X size={15} />
        </button>
      )}
    </div>
  )
}

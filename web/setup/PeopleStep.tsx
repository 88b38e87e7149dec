import { Button } from "antd"
import { FileUp, Link2, UserPlus } from "lucide-react"
import { useState } from "react"
import { ErrorState, Skeleton } from "../marks/Blank.tsx"
import { ImportPeople } from "../settings/people/ImportPeople.tsx"
import { Invite } from "../settings/people/Invite.tsx"
import { RoleTags } from "../settings/people/People.tsx"
import { useDepartments, useInvitations, usePeople } from "../settings/queries.ts"
import { useWords } from "../words/words.ts"

/** Who is here already, and the three ways in: one by one, one link for a department, a table. */
export default function PeopleStep() {
  const { t } = useWords()
  const people = usePeople()
  const invitations = useInvitations().data?.items ?? []
  const departments = useDepartments().data?.items ?? []
  const [acting, setActing] = useState<"invite" | "link" | "import" | null>(null)
  if (people.error) return <ErrorState error={people.error} onRetry={() => void people.refetch()} />
  if (!people.data) return <Skeleton rows={3} />
  const named = (id: string | null) => departments.find((each) => each.id === id)?.name ?? ""
  return (
    <div className="sentences">
      <div className="ways">
        <Button size="large" icon={<Link2 size={16} />} onClick={() => setActing("link")}>
          {t("settings.people.link")}
        </Button>
        <Button size="large" icon={<UserPlus size={16} />} onClick={() => setActing("invite")}>
          {t("setup.people.one")}
        </Button>
        <Button size="large" icon={<FileUp size={16} />} onClick={() => setActing("import")}>
          {t("settings.people.fromTable")}
        </Button>
      </div>
      {people.data.items
        .filter(({ state }) => state !== "gone")
        .map(({ id, name, department, roles }) => (
          <div className="shop" key={id}>
            <b>{name}</b>
            <RoleTags roles={roles.map(({ role }) => role)} />
            <span className="t2">{named(department)}</span>
          </div>
        ))}
      {invitations.map(({ id, name, department, roles, uses, usesMax }) => (
        <div className="shop" key={id}>
          <span className="t2">{name || t("settings.people.many", { n: usesMax })}</span>
          <RoleTags roles={roles.map(({ role }) => role)} />
          <span className="t3">
            {named(department)} {t("setup.people.invited", { uses, usesMax })}
          </span>
        </div>
      ))}
      {(acting === "invite" || acting === "link") && (
        <Invite departments={departments} many={acting === "link"} onClose={() => setActing(null)} />
      )}
      {acting === "import" && <ImportPeople departments={departments} onClose={() => setActing(null)} />}
    </div>
  )
}

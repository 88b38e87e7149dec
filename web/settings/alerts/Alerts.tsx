import { Button } from "antd"
import { Info, Mail, Plus } from "lucide-react"
import { useState } from "react"
import { useSearchParams } from "react-router"
import type { RobotRow } from "../../../src/api/contract/alerts.ts"
import { EmptyState, ErrorState, Skeleton } from "../../marks/Blank.tsx"
import { PageHead } from "../../marks/PageHead.tsx"
import { useWho } from "../../shell/who.tsx"
import { useWords } from "../../words/words.ts"
import { MailForm } from "./MailForm.tsx"
import { useRobots } from "./queries.ts"
import { RobotForm } from "./RobotForm.tsx"
import { RobotPanel } from "./RobotPanel.tsx"
import { RobotTable } from "./RobotTable.tsx"
import { Sent } from "./Sent.tsx"
import "./alerts.css"

/** Which form is open: of a robot (null: a new one), perhaps for its address or secret alone, or of the mail server. */
export type Editing = { robot: RobotRow | null; focus?: "address" | "secret" } | "mail" | null

/** Settings, alerts and robots: who gets what, what was sent, what a group sees. */
export function Alerts() {
  const { t } = useWords()
  const { may } = useWho()
  const [search, setSearch] = useSearchParams()
  const [editing, setEditing] = useState<Editing>(null)
  const robots = useRobots()
  const mayAct = may("act", "settings")
  const rows = robots.data?.items ?? []
  const chosen = rows.find(({ id }) => id === search.get("robot")) ?? null
  const choose = (id: string | null) =>
    setSearch((before) => {
      const next = new URLSearchParams(before)
      id === null ? next.delete("robot") : next.set("robot", id)
      return next
    })
  const add = () => setEditing({ robot: null })
  return (
    <div className={`alerts${chosen ? " chosen" : ""}`}>
      <div className="alerts-list">
        <PageHead title={t("alerts.title")}>
          {mayAct && (
            <>
              <Button size="small" icon={<Mail size={14} />} onClick={() => setEditing("mail")}>
                {t("alerts.mailServer")}
              </Button>
              <Button size="small" icon={<Plus size={14} />} onClick={add}>
                {t("alerts.add")}
              </Button>
            </>
          )}
        </PageHead>
        {robots.isPending ? (
          <Skeleton rows={4} />
        ) : !robots.data ? (
          <ErrorState error={robots.error} onRetry={() => void robots.refetch()} />
        ) : rows.length === 0 ? (
          <EmptyState
            title={t("alerts.empty.title")}
            act={mayAct ? { label: t("alerts.add"), onPress: add } : undefined}
          >
            {t("alerts.empty.means")}
          </EmptyState>
        ) : (
          <>
            <RobotTable rows={rows} chosen={chosen?.id ?? null} onChoose={choose} />
            <p className="row s t3 limit-hint">
              <Info size={13} />
              <span>{t("alerts.limitHint")}</span>
            </p>
            <Sent
              robots={rows}
              startWithDead={search.get("show") === "dead"}
              onEdit={mayAct ? setEditing : null}
            />
          </>
        )}
      </div>
      {chosen && (
        <RobotPanel robot={chosen} onEdit={mayAct ? setEditing : null} onClose={() => choose(null)} />
      )}
      {editing === "mail" && <MailForm onClose={() => setEditing(null)} />}
      {editing !== null && editing !== "mail" && (
        <RobotForm
          robot={editing.robot}
          focus={editing.focus ?? null}
          onClose={(id) => {
            setEditing(null)
            if (id) choose(id)
          }}
        />
      )}
    </div>
  )
}

import { Navigate, NavLink, Route, Routes } from "react-router"
import { PageHead } from "../marks/PageHead.tsx"
import { useWords } from "../words/words.ts"
import { Stock } from "./Stock.tsx"
import { Waiting } from "./Waiting.tsx"
import { Windows } from "./Windows.tsx"
import "./evidence.css"

/** Causes: what waits for operations, and what people declare so that facts can speak. */
export default function EvidencePage() {
  const { t } = useWords()
  return (
    <div className="evidence-page">
      <PageHead title={t("evidence.title")}>
        <nav className="row evidence-tabs">
          {["waiting", "windows", "stock"].map((tab) => (
            <NavLink key={tab} to={`/evidence/${tab}`}>
              {t(`evidence.tab.${tab}`)}
            </NavLink>
          ))}
        </nav>
      </PageHead>
      <div className="evidence-body">
        <Routes>
          <Route path="waiting" element={<Waiting />} />
          <Route path="windows" element={<Windows />} />
          <Route path="stock" element={<Stock />} />
          <Route path="*" element={<Navigate to="/evidence/waiting" replace />} />
        </Routes>
      </div>
    </div>
  )
}

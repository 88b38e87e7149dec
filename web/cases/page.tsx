import { lazy } from "react"
import { Route, Routes } from "react-router"
import { CaseBoard } from "./CaseBoard.tsx"
import { CaseList } from "./CaseList.tsx"

const CasePage = lazy(() => import("./case/page.tsx"))
const IncidentPage = lazy(() => import("./incident/page.tsx"))
const IncidentList = lazy(() =>
  import("./incident/List.tsx").then((each) => ({ default: each.IncidentList })),
)

/** Cases: as a table, as a board, and each on a page of its own; incidents likewise. */
export default function CasesPage() {
  return (
    <Routes>
      <Route index element={<CaseList />} />
      <Route path="board" element={<CaseBoard />} />
      <Route path="incidents" element={<IncidentList />} />
      <Route path="incidents/:number" element={<IncidentPage />} />
      <Route path=":number" element={<CasePage />} />
    </Routes>
  )
}

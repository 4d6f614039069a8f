// How the schema is written: the recommended rules and Relay's, with the few exceptions that have a reason.
import graphql from "@graphql-eslint/eslint-plugin";

/** Types without an id of their own, by the reason why they have none. */
export const withoutId = {
  "part of the object it is read with, and changes with it": [
    "Achievement", "ActualValue", "AdjustmentItem", "AdjustmentTarget", "AuditActor", "Budget", "Deviation", "Execution",
    "Explanation", "ExplanationStep", "FieldChange", "FindingDismissal", "FindingValue", "FundRow", "IndicatorReview", "Person",
    "QualityStatement", "ReadingNote", "ReportRow", "SchemeVersion", "Target", "UnitAggregate", "UnitValue", "WindowExtension",
    "DeclarationResult", "ReportResult", "Grant", "SchemeAssignment", "Level1Group", "Level2Group",
  ],
  "computed for one question; the same question gives it again": [
    "AchievementSummary", "AchievementTotals", "ActualValuesPreview", "AuditLogVerification", "AuditPack", "DimensionValue",
    "ExecutionTotals", "FilingTotals", "IndicatorTrendPoint", "LightCount", "OutstandingReport", "PeerComparison", "PeerMeasure",
    "RescoredDeclaration", "RescoredIndicator", "StatusCount", "YearComparison", "YearMeasure",
  ],
  "as it was at a moment or as it was published: a copy, whose id is that of the object it was copied from": [
    "ActualValueSnapshot", "DeclarationSnapshot", "EvidenceSnapshot", "FindingSnapshot", "IndicatorSnapshot", "KeyTaskSnapshot",
    "RectificationSnapshot", "ReportRowSnapshot", "ReportSnapshot", "PublicationContent", "PublicationSnapshot",
    "DeclarationPublication", "DeclarationPublicationSnapshot", "PublishedBudgetLine", "PublishedDeviation", "PublishedIndicator",
    "PublishedKeyTask", "PublishedResults", "PublishedTarget",
  ],
  "an entry of a log, known by its sequence": ["AccessEntry", "AuditEntry"],
  "what became of one row of an input": [
    "ActualValueImportResult", "ActualValueResult", "DepartmentImportResult", "ImportNotice", "TableNotice", "UserError",
    "UserImportResult",
  ],
  "one in the whole service": ["ServiceLimits"],
  "Relay's": ["PageInfo"],
};

/** What a rule finds and may stay: the file is generated, so it has no place for a comment. */
export const mayStay = {
  '@graphql-eslint/no-typename-prefix Field "username" starts with the name of the parent type "User"':
    "the word is the field's own: a name to sign in with; it was released",
  "@graphql-eslint/no-unreachable-types Directive `specifiedBy` is unreachable.":
    "GraphQL's own directive, which the library always prints; scalars without a specification elsewhere have no use for it",
};

const schema = new URL("../../schema.graphql", import.meta.url).pathname;

export default [
  {
    files: ["**/*.graphql"],
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema } } },
    plugins: { "@graphql-eslint": graphql },
    rules: {
      ...graphql.configs["flat/schema-recommended"].rules,
      ...graphql.configs["flat/schema-relay"].rules,
      // Connections of values that are no nodes (summaries, entries of a log) wrap edges all the same.
      "@graphql-eslint/relay-edge-types": ["error", { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false }],
      "@graphql-eslint/strict-id-in-types": [
        "error",
        {
          acceptedIdNames: ["id"],
          acceptedIdTypes: ["ID"],
          exceptions: {
            types: Object.values(withoutId).flat(),
            // Envelopes: what a mutation answers, and Relay's.
            suffixes: ["Payload", "Connection", "Edge"],
          },
        },
      ],
    },
  },
];

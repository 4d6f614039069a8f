import { graphql } from "relay-runtime";

export const query = graphql`
  query IndicatorPagesQuery($year: Int!, $count: Int!, $after: String) {
    ...IndicatorPages_list @arguments(year: $year, count: $count, after: $after)
  }
`;

export const list = graphql`
  fragment IndicatorPages_list on Query
  @argumentDefinitions(year: { type: "Int!" }, count: { type: "Int!" }, after: { type: "String" })
  @refetchable(queryName: "IndicatorPagesMoreQuery") {
    indicators(filter: { fiscalYears: [$year] }, first: $count, after: $after) @connection(key: "IndicatorPages_indicators") {
      edges {
        node {
          id
          name
          annualTarget { text }
        }
      }
    }
  }
`;

export const note = graphql`
  mutation IndicatorPagesNoteMutation($input: ActualValuesRecordInput!) {
    actualValuesRecord(input: $input) {
      report { id revision }
      userErrors { code field message }
    }
  }
`;

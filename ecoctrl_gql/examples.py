"""The queries that GraphiQL offers a newcomer."""

from ecoctrl_gql.http.graphiql import Example

TODAY = """\
# Press the play button (or Ctrl+Enter) to run this query.
query Today($alerts: AlertFilter) {
  alerts(first: 5, filter: $alerts) {
    totalCount
    nodes {
      time
      device
      level
      message
    }
  }
  energyAreas {
    nodes {
      title
      current
      target
      readings(first: 3) {
        nodes {
          readingAt
          kWh
        }
      }
    }
  }
  maintenanceReminders(first: 3, filter: { status: { ne: COMPLETED } }) {
    nodes {
      task
      dueDate
      priority
      assignee
    }
  }
}
"""

WORKFLOWS = """\
query LatestRuns {
  workflows(first: 10, orderBy: { field: NAME }) {
    nodes {
      name
      enabled
      executions(first: 3) {
        totalCount
        nodes {
          status
          startedAt
          completedAt
          output
        }
      }
    }
  }
}
"""

CARBON_TREE = """\
query CarbonTree {
  carbonFactorTree {
    depth
    node {
      name
      factor {
        value
        unit
        source
      }
    }
  }
}
"""

PAGES = """\
query AlertPages($after: String) {
  alerts(first: 10, after: $after, orderBy: { field: TIME, direction: DESC }) {
    edges {
      cursor
      node {
        id
        time
        device
        status
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
"""

EXAMPLES = (
    Example("What happens today", TODAY, {"alerts": {"status": {"eq": "PENDING"}}}),
    Example("Workflows and their latest runs", WORKFLOWS),
    Example("The carbon factor tree", CARBON_TREE),
    Example("Page through the alerts", PAGES, {"after": None}),
)

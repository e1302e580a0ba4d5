namespace Datamodels.Insight;

/// <summary>Finds what hangs together in a graph.</summary>
internal static class ConnectedComponents
{
    /// <summary>Component of each vertex, numbered from 0 by their first vertex, <c>[vertices]</c>.</summary>
    public static int[] Of(SparseMatrix adjacency)
    {
        int[] components = new int[adjacency.RowCount];
        Array.Fill(components, -1);
        int count = 0;
        var waiting = new Stack<int>();
        for (int start = 0; start < components.Length; start++)
        {
            if (components[start] >= 0)
            {
                continue;
            }

            components[start] = count;
            waiting.Push(start);
            while (waiting.TryPop(out int vertex))
            {
                foreach (int neighbor in adjacency.Columns(vertex))
                {
                    if (components[neighbor] < 0)
                    {
                        components[neighbor] = count;
                        waiting.Push(neighbor);
                    }
                }
            }

            count++;
        }

        return components;
    }
}

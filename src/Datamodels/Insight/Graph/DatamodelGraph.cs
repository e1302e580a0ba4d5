using Datamodels.Regression;
using Datamodels.Runs;

namespace Datamodels.Insight;

/// <summary>A training example as a vertex of the graph.</summary>
/// <param name="Example">Index of the training example.</param>
/// <param name="Label">Its class name.</param>
/// <param name="Strength">Sum of the weights of its edges, at least 0.</param>
public sealed record GraphVertex(int Example, string Label, double Strength)
{
    /// <inheritdoc/>
    public override string ToString() => $"example {Example} ({Label})";
}

/// <summary>An undirected edge: two training examples that help each other.</summary>
/// <param name="Example">Index of one training example.</param>
/// <param name="Neighbor">Index of the other.</param>
/// <param name="Weight">Half the sum of the two positive weights, in units of margin; above 0.</param>
public readonly record struct GraphEdge(int Example, int Neighbor, double Weight)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Example} - {Neighbor}: {Weight:0.0000}");
}

/// <summary>
/// Which training examples help which: the vertices are training examples, and an edge is as strong as its two ends help each
/// other's predictions.
/// </summary>
public sealed class DatamodelGraph
{
    private DatamodelGraph(
        SubsetTraining training, int neighborCount, EquatableList<GraphVertex> vertices, EquatableList<GraphEdge> edges,
        SparseMatrix adjacency)
    {
        Training = training;
        NeighborCount = neighborCount;
        Vertices = vertices;
        Edges = edges;
        Adjacency = adjacency;
    }

    /// <summary>The run.</summary>
    public SubsetTraining Training { get; }

    /// <summary>k: each vertex has its edges to its k strongest neighbours, and those that others have to it.</summary>
    public int NeighborCount { get; }

    /// <summary>The vertices, in the order of the datamodels, <c>[VertexCount]</c>.</summary>
    public EquatableList<GraphVertex> Vertices { get; }

    /// <summary>The edges, each once, the vertex that comes first in it first, in the order of the vertices.</summary>
    public EquatableList<GraphEdge> Edges { get; }

    /// <summary>Number of vertices.</summary>
    public int VertexCount => Vertices.Count;

    /// <summary>Number of edges.</summary>
    public int EdgeCount => Edges.Count;

    /// <summary>Fraction of the weight of all edges that joins examples of one class, 0..1; 0 where there are no edges.</summary>
    public double SameLabelFraction
    {
        get
        {
            var labels = Vertices.ToDictionary(vertex => vertex.Example, vertex => vertex.Label);
            double same = Edges.Where(edge => labels[edge.Example] == labels[edge.Neighbor]).Sum(edge => edge.Weight);
            return EdgeCount == 0 ? 0 : same / Edges.Sum(edge => edge.Weight);
        }
    }

    /// <summary>The weights of the edges, symmetric, <c>[VertexCount, VertexCount]</c>.</summary>
    internal SparseMatrix Adjacency { get; }

    /// <summary>
    /// The graph of datamodels of training examples. With a_ij the weight of example j in the datamodel of example i where it is
    /// positive, else 0, and a_ii = 0, the edge of i and j has the weight (a_ij + a_ji) / 2. It stays where it is among the
    /// k strongest of i or of j; of those that are equally strong, the neighbour that comes first.
    /// </summary>
    /// <param name="datamodels">
    /// At least two, of one run whose targets are training examples; these examples are the vertices.
    /// </param>
    /// <param name="neighborCount">k, at least 1.</param>
    /// <param name="cancellation">Stops between examples.</param>
    /// <exception cref="DatamodelException">
    /// The targets are not training examples; k is under 1; datamodels are of several runs, or of one target twice.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    /// <remarks>Takes 60 bytes for each positive weight meanwhile, and 80 for each edge.</remarks>
    public static DatamodelGraph Of(
        IReadOnlyList<Datamodel> datamodels, int neighborCount = 10, CancellationToken cancellation = default)
    {
        int n = TargetWeights.RequireOneRun(datamodels);
        if (!TargetWeights.IsOfTraining(datamodels[0]))
        {
            throw new DatamodelException(
                "TargetsNotTraining", ErrorKind.InvalidArgument,
                $"The targets of the run in '{datamodels[0].Training.Path}' are of the test set; a graph is of training examples "
                + "that help each other. Train a run with -TargetSet Train.");
        }

        if (neighborCount < 1)
        {
            throw new DatamodelException(
                "NeighborCountOutOfRange", ErrorKind.InvalidArgument,
                $"The number of neighbours is {neighborCount}; it must be at least 1.");
        }

        var parallel = new ParallelOptions { CancellationToken = cancellation };
        SparseMatrix adjacency = Sparsify(Symmetrize(Positive(datamodels, n, parallel), parallel), neighborCount, parallel);
        return Of(
            datamodels[0].Training, neighborCount, adjacency,
            [.. datamodels.Select(datamodel => (datamodel.TargetExample, datamodel.Label))]);
    }

    /// <summary>The graph of a symmetric matrix of weights above 0.</summary>
    internal static DatamodelGraph Of(
        SubsetTraining training, int neighborCount, SparseMatrix adjacency, (int Example, string Label)[] examples)
    {
        var edges = new List<GraphEdge>();
        var vertices = new GraphVertex[examples.Length];
        for (int i = 0; i < examples.Length; i++)
        {
            ReadOnlySpan<int> neighbors = adjacency.Columns(i);
            ReadOnlySpan<double> weights = adjacency.Values(i);
            double strength = 0;
            for (int at = 0; at < neighbors.Length; at++)
            {
                strength += weights[at];
                if (neighbors[at] > i)
                {
                    edges.Add(new GraphEdge(examples[i].Example, examples[neighbors[at]].Example, weights[at]));
                }
            }

            vertices[i] = new GraphVertex(examples[i].Example, examples[i].Label, strength);
        }

        return new DatamodelGraph(
            training, neighborCount, new EquatableList<GraphVertex>(vertices), [.. edges], adjacency);
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"graph of {VertexCount} training examples, {EdgeCount} edges, ")
        + FormattableString.Invariant($"{100 * SameLabelFraction:0.0} % of their weight in a class");

    /// <summary>a: the positive weights between vertices.</summary>
    private static SparseMatrix Positive(IReadOnlyList<Datamodel> datamodels, int n, ParallelOptions parallel)
    {
        int[] vertexOf = new int[n];
        Array.Fill(vertexOf, -1);
        for (int i = 0; i < datamodels.Count; i++)
        {
            vertexOf[datamodels[i].TargetExample] = i;
        }

        return Rows(datamodels.Count, parallel, i =>
        {
            (int[] examples, double[] weights) = TargetWeights.Of(datamodels[i]);
            (int Vertex, double Weight)[] kept =
                [.. examples.Select(example => vertexOf[example]).Zip(weights)
                    .Where(pair => pair.First >= 0 && pair.Second > 0).OrderBy(pair => pair.First)];
            return (kept.Select(pair => pair.Vertex).ToArray(), kept.Select(pair => pair.Weight).ToArray());
        });
    }

    /// <summary>(A + A') / 2.</summary>
    private static SparseMatrix Symmetrize(SparseMatrix matrix, ParallelOptions parallel)
    {
        SparseMatrix transposed = matrix.Transposed();
        return Rows(matrix.RowCount, parallel, i =>
        {
            var columns = new List<int>();
            var values = new List<double>();
            int left = 0;
            int right = 0;
            ReadOnlySpan<int> ours = matrix.Columns(i);
            ReadOnlySpan<int> theirs = transposed.Columns(i);
            while (left < ours.Length || right < theirs.Length)
            {
                int column = Math.Min(
                    left < ours.Length ? ours[left] : int.MaxValue, right < theirs.Length ? theirs[right] : int.MaxValue);
                double sum = 0;
                if (left < ours.Length && ours[left] == column)
                {
                    sum += matrix.Values(i)[left++] / 2;
                }

                if (right < theirs.Length && theirs[right] == column)
                {
                    sum += transposed.Values(i)[right++] / 2;
                }

                columns.Add(column);
                values.Add(sum);
            }

            return ([.. columns], [.. values]);
        });
    }

    /// <summary>The entries that are among the strongest of their row or of their column.</summary>
    private static SparseMatrix Sparsify(SparseMatrix matrix, int neighborCount, ParallelOptions parallel)
    {
        var strongest = new HashSet<int>[matrix.RowCount];
        Parallel.For(0, strongest.Length, parallel, i =>
        {
            int[] columns = matrix.Columns(i).ToArray();
            double[] values = matrix.Values(i).ToArray();
            strongest[i] = [.. Enumerable.Range(0, columns.Length).OrderByDescending(at => values[at])
                .Take(neighborCount).Select(at => columns[at])];
        });
        return Rows(matrix.RowCount, parallel, i =>
        {
            int[] columns = matrix.Columns(i).ToArray();
            double[] values = matrix.Values(i).ToArray();
            int[] kept = [.. Enumerable.Range(0, columns.Length)
                .Where(at => strongest[i].Contains(columns[at]) || strongest[columns[at]].Contains(i))];
            return (Array.ConvertAll(kept, at => columns[at]), Array.ConvertAll(kept, at => values[at]));
        });
    }

    /// <summary>A square matrix whose rows are made several at once.</summary>
    private static SparseMatrix Rows(int count, ParallelOptions parallel, Func<int, (int[] Columns, double[] Values)> row)
    {
        var rows = new (int[] Columns, double[] Values)[count];
        Parallel.For(0, count, parallel, i => rows[i] = row(i));
        return SparseMatrix.OfRows(count, rows);
    }
}

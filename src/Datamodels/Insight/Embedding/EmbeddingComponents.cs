using Datamodels.Regression;

namespace Datamodels.Insight;

/// <summary>Embeds datamodels: the principal components of their weights.</summary>
public static class EmbeddingComponents
{
    // Points that are the same are no further than this from their mean, squared: they are of length 1.
    private const double Rounding = 1e-20;

    /// <summary>
    /// The first components of the rows w_x, each scaled to length 1 and then centred; a target's own weight is set aside
    /// where targets are training examples. A datamodel without weights is the point 0 before centring. The sign of a component
    /// is that of its largest loading.
    /// </summary>
    /// <param name="datamodels">At least two, of one run, one a target.</param>
    /// <param name="count">Number of components, 1 to one less than the datamodels, and at most n.</param>
    /// <param name="top">Targets and training examples that are named at each end, at least 1.</param>
    /// <param name="seed">Seed of the search for components where there are more than 1,000 datamodels.</param>
    /// <param name="representation">
    /// Gives the spectrum of the representations, if it is to stand beside; called once the components are found.
    /// </param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="DatamodelException">
    /// A number is outside its range; datamodels are of several runs, or do not differ.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    /// <remarks>
    /// Up to 1,000 datamodels are decomposed exactly; for more, to 1e-9 of the largest variance. Takes 24 bytes for each weight;
    /// of T datamodels, up to 1,000, 16 n T more, else 24 T max(160, 4 (count + 8)) and 2,048 n.
    /// </remarks>
    public static IReadOnlyList<EmbeddingComponent> Of(
        IReadOnlyList<Datamodel> datamodels, int count = 10, int top = 5, ulong seed = 0,
        Func<VarianceSpectrum>? representation = null, CancellationToken cancellation = default)
    {
        int n = TargetWeights.RequireOneRun(datamodels);
        int most = Math.Min(datamodels.Count - 1, n);
        if (count < 1 || count > most)
        {
            throw new DatamodelException(
                "ComponentCountOutOfRange", ErrorKind.InvalidArgument,
                $"{count} components are asked for; {datamodels.Count} datamodels of {n} training examples have 1 to {most}. "
                + "Ask for fewer, or fit more targets.");
        }

        if (top < 1)
        {
            throw new DatamodelException(
                "TopOutOfRange", ErrorKind.InvalidArgument,
                $"The number of examples at each end of a component is {top}; it must be at least 1.");
        }

        SparseMatrix rows = Rows(datamodels, n);
        if (PrincipalComponents.TotalOf(rows) < Rounding)
        {
            throw new DatamodelException(
                "DatamodelsAlike", ErrorKind.InvalidData,
                $"The {datamodels.Count} datamodels have the same weights, but for their length, so that no component tells them "
                + "apart; fit them to more models.");
        }

        PrincipalComponents found = PrincipalComponents.Of(rows, count, seed, cancellation);
        var embedding = new DatamodelEmbedding
        {
            Training = datamodels[0].Training,
            Points = [.. datamodels.Select((datamodel, i) => new EmbeddingPoint(
                datamodel.Target, datamodel.Label, new EquatableList<double>(found.Coordinates.Row(i))))],
            Variance = new VarianceSpectrum(
                [.. found.Variances.Select(variance => variance / found.Total)], found.EffectiveRank),
            Representation = representation?.Invoke(),
            Datamodels = datamodels,
        };
        return [.. Enumerable.Range(0, count).Select(k =>
        {
            cancellation.ThrowIfCancellationRequested();
            return ComponentOf(embedding, found, k, top);
        })];
    }

    /// <summary>The number of components where none is given: 10, or all where there are fewer, and at least 1.</summary>
    /// <param name="datamodels">The datamodels.</param>
    public static int DefaultCount(IReadOnlyList<Datamodel> datamodels) => Math.Clamp(datamodels.Count - 1, 1, 10);

    /// <summary>The numbers of the largest values, or the smallest, strongest first; ties go to the lower number.</summary>
    internal static IEnumerable<int> Strongest(IReadOnlyList<double> values, bool largest) =>
        Enumerable.Range(0, values.Count).OrderByDescending(i => largest ? values[i] : -values[i]);

    private static EmbeddingComponent ComponentOf(DatamodelEmbedding embedding, PrincipalComponents found, int k, int top)
    {
        double[] loadings = [.. Enumerable.Range(0, found.Loadings.Rows).Select(j => found.Loadings.Row(j)[k])];
        double[] coordinates = [.. embedding.Points.Select(point => point.Coordinates[k])];
        return new EmbeddingComponent
        {
            Embedding = embedding,
            Component = k + 1,
            ExplainedVariance = embedding.Variance.Explained[k],
            CumulativeVariance = embedding.Variance.Explained.Take(k + 1).Sum(),
            RepresentationCumulativeVariance = embedding.Representation?.Explained.Take(k + 1).Sum(),
            PositiveTargets = Targets(largest: true),
            NegativeTargets = Targets(largest: false),
            PositiveExamples = Examples(sign: 1),
            NegativeExamples = Examples(sign: -1),
            Loadings = new EquatableList<double>(loadings),
        };

        EquatableList<int> Targets(bool largest) =>
            [.. Strongest(coordinates, largest).Take(top).Select(i => embedding.Points[i].Target)];

        EquatableList<int> Examples(int sign) =>
            [.. Strongest(loadings, sign > 0).TakeWhile(j => sign * loadings[j] > 0).Take(top)];
    }

    private static SparseMatrix Rows(IReadOnlyList<Datamodel> datamodels, int n)
    {
        var rows = SparseMatrix.OfRows(n, [.. datamodels.Select(TargetWeights.Of)]);
        for (int i = 0; i < rows.RowCount; i++)
        {
            // By the largest weight first, so that no square is lost or overflows.
            Span<double> weights = rows.Values(i);
            double largest = 0;
            foreach (double weight in weights)
            {
                largest = Math.Max(largest, Math.Abs(weight));
            }

            double squares = 0;
            foreach (ref double weight in weights)
            {
                weight /= largest;
                squares += weight * weight;
            }

            foreach (ref double weight in weights)
            {
                weight /= Math.Sqrt(squares);
            }
        }

        return rows;
    }
}

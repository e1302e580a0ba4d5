using Datamodels.Learners;
using Datamodels.Runs;
using Datamodels.Subsets;

namespace Datamodels.Regression;

/// <summary>
/// The datamodel of one target x: g(S') = b + sum of w_i over i in S', fitted so that g(S') is the expected margin on x
/// of a model trained on S'.
/// </summary>
public sealed class Datamodel
{
    /// <summary>The run it was fitted to.</summary>
    public required SubsetTraining Training { get; init; }

    /// <summary>Number of the target, 0..targets-1: its index in the test set, where that is what the run observes.</summary>
    public required int Target { get; init; }

    /// <summary>Index of the target in the set it is from; differs from <see cref="Target"/> for chosen targets only.</summary>
    public int TargetExample { get; init; }

    /// <summary>What it predicts; where this speaks of margins, it is in units of this output.</summary>
    public OutputKind Output { get; init; }

    /// <summary>Class name of the target.</summary>
    public required string Label { get; init; }

    /// <summary>Training examples with a weight other than 0, ascending, <c>[NonzeroCount]</c>.</summary>
    public required EquatableList<int> Examples { get; init; }

    /// <summary>Their weights w_i, in units of margin, <c>[NonzeroCount]</c>.</summary>
    public required EquatableList<double> Weights { get; init; }

    /// <summary>Bias b, in units of margin.</summary>
    public required double Bias { get; init; }

    /// <summary>The settings it was fitted with, but for which targets beside it.</summary>
    public FitOptions Options { get; init; } = new();

    /// <summary>How it was fitted.</summary>
    public FitMethod Method => Options.Method;

    /// <summary>
    /// The penalty the weights were fitted with (objective of <see cref="DatamodelFit"/>); null where the method has none.
    /// </summary>
    public required double? Lambda { get; init; }

    /// <summary>
    /// Held-out R2 at that lambda against single models: 1 - squared error / variance, on models that the choice of lambda
    /// saw but the weights of that path did not. At most 1; null where no lambda was chosen.
    /// </summary>
    public required double? HeldOutR2 { get; init; }

    /// <summary>
    /// The certificate: relative duality gap (primal - dual) / primal objective at zero weights; 0 is exact, and no weights
    /// whatever have an objective lower by more than this. Null where the method has no dual.
    /// </summary>
    public required double? DualityGap { get; init; }

    /// <summary>
    /// The largest violation of the optimality conditions of any weight, as a fraction of lambda_max: how far x_j'r / m is from
    /// sign(w_j) lambda, or, for a weight of 0, from the interval -lambda..lambda, with r = y - Xw - b. Null where the method
    /// solves no optimisation problem.
    /// </summary>
    public double? KktResidual { get; init; }

    /// <summary>
    /// Standard deviation of the residuals y - g(S') over the models it was fitted on, sqrt(rss / (m - s - 1)) with m models
    /// and s weights: mostly the noise of a single training. Null for the difference of means, which computes no residuals,
    /// and where there are no more models than weights.
    /// </summary>
    public double? ResidualDeviation { get; init; }

    /// <summary>Whether the fit reached its tolerance, at every lambda of the path and in the end.</summary>
    public required bool Converged { get; init; }

    /// <summary>What was not reached, and what to do; null where the fit has <see cref="Converged"/>.</summary>
    public FitWarning? Warning { get; init; }

    /// <summary>Number of models it was fitted on.</summary>
    public required int ModelCount { get; init; }

    /// <summary>The rows it was fitted on, which say whether a run is still that of the fit.</summary>
    internal FittedRows Rows { get; init; } = FittedRows.None;

    /// <summary>Number of training examples with a weight other than 0.</summary>
    public int NonzeroCount => Examples.Count;

    /// <summary>g(S): the predicted margin after training on the whole training set.</summary>
    public double FullMargin
    {
        get
        {
            double sum = Bias;
            foreach (double weight in Weights)
            {
                sum += weight;
            }

            return sum;
        }
    }

    /// <summary>g(S'): the predicted margin after training on <paramref name="subset"/>.</summary>
    public double Predict(Mask subset)
    {
        double sum = Bias;
        for (int i = 0; i < Examples.Count; i++)
        {
            if (subset[Examples[i]])
            {
                sum += Weights[i];
            }
        }

        return sum;
    }

    /// <summary>The datamodel of a target of a run.</summary>
    /// <param name="training">The run.</param>
    /// <param name="rows">The rows of it that were fitted on.</param>
    /// <param name="output">What the outputs are.</param>
    /// <param name="options">The settings, without targets.</param>
    /// <param name="target">Number of the target.</param>
    /// <param name="label">Its class name.</param>
    /// <param name="fit">Its numbers.</param>
    internal static Datamodel Of(
        SubsetTraining training, FittedRows rows, OutputKind output, FitOptions options, int target, string label,
        FittedTarget fit) => new()
        {
            Training = training,
            Target = target,
            TargetExample = training.Spec.Observation.Targets.ExampleOf(target),
            Output = output,
            Label = label,
            Options = options,
            Examples = new EquatableList<int>(fit.Examples),
            Weights = new EquatableList<double>(fit.Weights),
            Bias = fit.Bias,
            Lambda = fit.Lambda,
            HeldOutR2 = fit.HeldOutR2,
            DualityGap = fit.DualityGap,
            KktResidual = fit.KktResidual,
            Converged = fit.Converged,
            ResidualDeviation = fit.ResidualDeviation,
            Warning = FitWarning.Of(target, fit, options),
            ModelCount = rows.Models.Count,
            Rows = rows,
        };

    /// <inheritdoc/>
    public override string ToString() => $"datamodel of target {Target} ({Label}), {NonzeroCount} weights";
}

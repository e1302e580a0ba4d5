using System.Runtime.CompilerServices;
using Datamodels.Learners;

namespace Datamodels.Regression;

/// <summary>Settings of a fit.</summary>
public sealed record FitOptions
{
    /// <summary>Targets to fit, in this order; null fits all.</summary>
    public EquatableList<int>? Targets { get; init; }

    /// <summary>
    /// The output to fit; null fits what the run records, or the margin where it records logits. Only logits give a choice.
    /// </summary>
    public OutputKind? Output { get; init; }

    /// <summary>
    /// Fits to the first so many models of the run, at least 1, as if it had no others; null fits to all. The first
    /// models of a plan are those of a smaller one, so that this shows what fewer models would have given.
    /// </summary>
    public int? ModelCount { get; init; }

    /// <summary>How weights are fitted.</summary>
    public FitMethod Method { get; init; }

    /// <summary>
    /// The l1 part of the lasso's penalty, inside (0, 1]: below 1 it is an elastic net, whose penalty is
    /// lambda (ratio |w|_1 + (1 - ratio)/2 |w|_2^2).
    /// </summary>
    public double L1Ratio { get; init; } = 1;

    /// <summary>Lambdas on the path, K, at least 2.</summary>
    public int LambdaCount { get; init; } = 100;

    /// <summary>Smallest lambda as a fraction of the largest, inside (0, 1).</summary>
    public double Epsilon { get; init; } = 0.01;

    /// <summary>Fraction of the models held out to choose lambda, inside (0, 1): the last of the run.</summary>
    public double HeldOut { get; init; } = 0.1;

    /// <summary>
    /// Folds of a cross-validation that chooses lambda instead, at least 2: each part of the models is held out once. 0 holds
    /// out <see cref="HeldOut"/>.
    /// </summary>
    public int Folds { get; init; }

    /// <summary>
    /// The path ends early once this many lambdas in a row, at least 1, have not lowered the held-out error: the smallest
    /// lambdas take the longest and, past the minimum, are not chosen. From <see cref="LambdaCount"/> up, the whole path is
    /// gone. Null takes a tenth of the path, at least 10.
    /// </summary>
    public int? Patience { get; init; }

    /// <summary>
    /// Relative duality gap at which a lambda of the path counts as solved, inside (0, 1). It is of the objective without
    /// weights, |y - mean(y)|^2 / (2m): scikit-learn's tolerance, 1e-4 of |y|^2, is 2e-4 here. The path is solved in float32,
    /// whose rounding leaves the gap uncertain by about 1e-5; far below that it need not be reached.
    /// </summary>
    public double PathTolerance { get; init; } = 2e-4;

    /// <summary>
    /// Relative duality gap to which the final weights are solved, inside (0, 1); rounding ends at about 1e-13.
    /// </summary>
    public double Tolerance { get; init; } = 1e-8;

    /// <summary>Targets solved at once; 0 takes every core. Never changes a result.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Bytes of memory to keep to, at least 0; 0 takes three quarters of the machine's. What does not fit is kept in a temporary
    /// file while the fit runs. Never changes a result.
    /// </summary>
    public long MemoryLimit { get; init; }

    /// <summary>
    /// Folder in which what is done is kept; null takes <c>fits</c> in the run's folder. To the folder of models that another
    /// program has trained nothing is written, so that nothing is kept there without this. Never changes a result.
    /// </summary>
    public string? FitPath { get; init; }

    /// <summary>Whether the method has a lambda that is chosen on held-out models.</summary>
    internal bool Chooses => Method is FitMethod.Lasso or FitMethod.Ridge;

    /// <summary>Number of threads that <see cref="Threads"/> means on this machine.</summary>
    internal int ThreadCount => Threads > 0 ? Threads : Environment.ProcessorCount;

    /// <summary>Number of lambdas that <see cref="Patience"/> means.</summary>
    internal int PatienceCount => Patience ?? Math.Max(10, LambdaCount / 10);

    /// <summary>lambda_max, the smallest lambda at which all weights are 0.</summary>
    internal double LambdaMax(LassoProblem problem) => problem.LargestGradient / L1Ratio;

    /// <summary>Lambda number <paramref name="k"/> of the path, 0..K-1: log-spaced from the largest down.</summary>
    /// <param name="largest">lambda_max.</param>
    /// <param name="k">Number of the lambda.</param>
    internal double LambdaOf(double largest, int k) => largest * Math.Pow(Epsilon, (double)k / (LambdaCount - 1));

    /// <summary>Checks that the settings somebody has chosen are used, so that none is passed over in silence.</summary>
    /// <param name="chosen">Names of properties of this type; other names are passed over.</param>
    /// <exception cref="DatamodelException">
    /// <c>FitOptionUnused</c>: one of them means nothing to the <see cref="Method"/>, or beside another.
    /// </exception>
    public void RequireUsed(IReadOnlyCollection<string> chosen)
    {
        foreach (string name in chosen)
        {
            FitMethod[] users = name switch
            {
                nameof(L1Ratio) or nameof(Epsilon) or nameof(Patience) or nameof(PathTolerance) => [FitMethod.Lasso],
                nameof(LambdaCount) or nameof(HeldOut) or nameof(Folds) => [FitMethod.Lasso, FitMethod.Ridge],
                nameof(Tolerance) => [FitMethod.Lasso, FitMethod.Ridge, FitMethod.LeastSquares],
                _ => Enum.GetValues<FitMethod>(),
            };
            if (!users.Contains(Method))
            {
                throw new DatamodelException(
                    "FitOptionUnused", ErrorKind.InvalidArgument,
                    $"{name} of the fit is given; it is for {string.Join(", ", users)}, and the method is {Method}. Leave it "
                    + "out, or choose another method.");
            }
        }

        if (Folds > 0 && chosen.Contains(nameof(HeldOut)))
        {
            throw new DatamodelException(
                "FitOptionUnused", ErrorKind.InvalidArgument,
                $"HeldOut of the fit is given beside {Folds} folds, each of which is held out once; give one of the two.");
        }
    }

    /// <summary>Checks every setting.</summary>
    /// <param name="targetCount">Number of targets of the run.</param>
    /// <exception cref="DatamodelException">A setting is outside its range.</exception>
    internal void Validate(int targetCount)
    {
        if (LambdaCount < 2)
        {
            throw Invalid(nameof(LambdaCount), LambdaCount, "at least 2");
        }

        if (Patience < 1)
        {
            throw Invalid(nameof(Patience), PatienceCount, "at least 1");
        }

        if (Threads < 0)
        {
            throw Invalid(nameof(Threads), Threads, "0 for every core, or at least 1");
        }

        if (Folds is < 0 or 1)
        {
            throw Invalid(nameof(Folds), Folds, "0 to hold out a fraction of the models, or at least 2");
        }

        if (MemoryLimit < 0)
        {
            throw Invalid(nameof(MemoryLimit), MemoryLimit, "a number of bytes, or 0 for three quarters of the machine's memory");
        }

        if (!(L1Ratio > 0 && L1Ratio <= 1))
        {
            throw Invalid(nameof(L1Ratio), L1Ratio, "above 0 and at most 1; for no l1 penalty at all, fit by ridge");
        }

        RequireFraction(Epsilon);
        RequireFraction(HeldOut);
        RequireFraction(PathTolerance);
        RequireFraction(Tolerance);
        if (Targets is null)
        {
            return;
        }

        var seen = new HashSet<int>();
        foreach (int target in Targets)
        {
            if ((uint)target >= (uint)targetCount)
            {
                throw new DatamodelException(
                    "TargetOutOfRange", ErrorKind.InvalidArgument,
                    $"Target {target} does not exist; the run has {targetCount} targets, numbered 0 to {targetCount - 1}.");
            }

            if (!seen.Add(target))
            {
                throw new DatamodelException(
                    "TargetRepeated", ErrorKind.InvalidArgument,
                    $"Target {target} is listed more than once; name each target once.");
            }
        }
    }

    /// <summary>Checks that a run has as many models as the fit is to take.</summary>
    /// <param name="modelCount">Number of models in the run's plan.</param>
    /// <exception cref="DatamodelException"><c>FitOptionOutOfRange</c>: it has fewer, or none is to be taken.</exception>
    internal void RequireModels(int modelCount)
    {
        if (ModelCount is { } wanted && (wanted < 1 || wanted > modelCount))
        {
            throw Invalid(nameof(ModelCount), wanted, $"at least 1, and at most {modelCount}, the models of the run");
        }
    }

    /// <summary>The method, and how many models where not all are taken.</summary>
    public override string ToString() => ModelCount is { } models ? $"{Method}, first {models} models" : $"{Method}";

    private static void RequireFraction(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!(value > 0 && value < 1))
        {
            throw Invalid(name, value, "inside (0, 1)");
        }
    }

    private static DatamodelException Invalid(string name, double value, string expected) => new(
        "FitOptionOutOfRange", ErrorKind.InvalidArgument,
        FormattableString.Invariant($"{name} of the fit is {value}; it must be {expected}."));
}

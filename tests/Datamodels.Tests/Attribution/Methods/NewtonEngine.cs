using Datamodels.Attribution;
using Datamodels.Data;
using Datamodels.Learners;
using Datamodels.Subsets;

namespace Datamodels.Tests.Attribution;

/// <summary>
/// Softmax regression that is solved exactly, by Newton's method in float64: the mean cross-entropy plus half the weight decay
/// times all parameters squared. It is convex, so that what leaving an example out does is known.
/// </summary>
internal sealed class NewtonEngine : INetworkEngine
{
    public string Name => "newton";

    public IEnumerable<TrainingOutput> Train(
        TrainingData data, Learner learner, Observation observation, IEnumerable<TrainingTask> tasks,
        CancellationToken cancellation = default)
    {
        ExampleSet targets = observation.Targets.Of(data);
        foreach (TrainingTask task in tasks)
        {
            float[] logits = new float[targets.Count * data.ClassCount];
            new NewtonNetwork(data, task.Mask, ((NetworkLearner)learner).WeightDecay).Logits(targets, 0, targets.Count, logits);
            yield return new TrainingOutput(task.Id, observation.OutputsOf(logits, targets.Labels));
        }
    }

    public IEnumerable<T> Inspect<T>(
        TrainingData data, Learner learner, IEnumerable<TrainingTask> tasks, IReadOnlyList<int> epochs,
        Func<TrainingTask, int, ITrainedNetwork, T> inspect, CancellationToken cancellation = default)
    {
        var network = (NetworkLearner)learner;
        foreach (TrainingTask task in tasks)
        {
            foreach (int epoch in epochs.DefaultIfEmpty(network.Epochs))
            {
                yield return inspect(task, epoch, new NewtonNetwork(data, task.Mask, network.WeightDecay));
            }
        }
    }
}

/// <summary>The solution: weights <c>[features + 1, classes]</c>, the last row the biases.</summary>
internal sealed class NewtonNetwork : ITrainedNetwork
{
    private readonly int _classes;
    private readonly double[] _weights;

    public NewtonNetwork(TrainingData data, Mask mask, double decay)
    {
        _classes = data.ClassCount;
        RepresentationSize = data.FeatureCount;
        _weights = new double[ParameterCount];
        int[] examples = mask.ToExamples();
        double size = 1;
        for (int step = 0; step < 50 && size > 1e-10; step++)
        {
            size = Step(data.Train, examples, decay);
        }

        if (size > 1e-10)
        {
            throw new InvalidOperationException("Newton's method has not converged.");
        }
    }

    public int ParameterCount => (RepresentationSize + 1) * _classes;

    public int RepresentationSize { get; }

    /// <summary>The logits in float64.</summary>
    public double[] Logits(ReadOnlySpan<float> features)
    {
        double[] logits = new double[_classes];
        for (int c = 0; c < _classes; c++)
        {
            logits[c] = _weights[(RepresentationSize * _classes) + c];
            for (int k = 0; k < RepresentationSize; k++)
            {
                logits[c] += features[k] * _weights[(k * _classes) + c];
            }
        }

        return logits;
    }

    public void Logits(ExampleSet examples, int first, int count, Span<float> logits)
    {
        for (int i = 0; i < count; i++)
        {
            double[] exact = Logits(examples.Row(first + i));
            for (int c = 0; c < _classes; c++)
            {
                logits[(i * _classes) + c] = (float)exact[c];
            }
        }
    }

    public void Representations(ExampleSet examples, int first, int count, Span<float> representations) =>
        examples.Features.Slice(first * RepresentationSize, count * RepresentationSize).CopyTo(representations);

    public void Gradients(
        ExampleSet examples, int first, int count, ReadOnlySpan<float> logitGradients, Span<float> gradients)
    {
        for (int i = 0; i < count; i++)
        {
            for (int k = 0; k <= RepresentationSize; k++)
            {
                for (int c = 0; c < _classes; c++)
                {
                    gradients[(i * ParameterCount) + (k * _classes) + c] =
                        logitGradients[(i * _classes) + c] * Input(examples.Row(first + i), k);
                }
            }
        }
    }

    /// <summary>One Newton step; gives its length.</summary>
    private double Step(ExampleSet train, int[] examples, double decay)
    {
        int size = ParameterCount;
        double[] gradient = [.. _weights.Select(weight => decay * weight)];
        double[] hessian = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            hessian[(i * size) + i] = decay;
        }

        foreach (int example in examples)
        {
            ReadOnlySpan<float> features = train.Row(example);
            double[] z = Logits(features);
            double largest = z.Max();
            double[] p = [.. z.Select(value => Math.Exp(value - largest))];
            double sum = p.Sum();
            p = [.. p.Select(value => value / sum)];
            for (int a = 0; a < size; a++)
            {
                int c = a % _classes;
                double x = Input(features, a / _classes) / examples.Length;
                gradient[a] += x * (p[c] - (train.Labels[example] == c ? 1 : 0));
                for (int b = 0; b < size; b++)
                {
                    int d = b % _classes;
                    hessian[(a * size) + b] += x * Input(features, b / _classes) * p[c] * ((c == d ? 1 : 0) - p[d]);
                }
            }
        }

        new PositiveSystem(hessian, size).Solve(gradient);
        for (int a = 0; a < size; a++)
        {
            _weights[a] -= gradient[a];
        }

        return Math.Sqrt(gradient.Sum(value => value * value));
    }

    private float Input(ReadOnlySpan<float> features, int k) => k == RepresentationSize ? 1 : features[k];
}

namespace Datamodels.Runs;

/// <summary>What models that were trained again, after one change, say of the targets wanted.</summary>
/// <param name="Change">What was changed.</param>
/// <param name="Retrainings">Models trained, at least 2.</param>
/// <param name="Values">Their outputs, row-major, <c>[Retrainings, targets wanted, numbers a target]</c>.</param>
public sealed record RetrainedOutputs(TrainingChange Change, int Retrainings, float[] Values)
{
    /// <summary>Numbers that each model gives: one for each target wanted, or one for each of them and class.</summary>
    public int Width => Values.Length / Retrainings;

    /// <summary>Mean over the models of number <paramref name="column"/>, 0..Width-1.</summary>
    public double Mean(int column)
    {
        double sum = 0;
        for (int r = 0; r < Retrainings; r++)
        {
            sum += Values[(r * Width) + column];
        }

        return sum / Retrainings;
    }

    /// <summary>Standard error of that mean: the deviation of the models, over R - 1, by the square root of R.</summary>
    public double StandardError(int column)
    {
        double mean = Mean(column);
        double squares = 0;
        for (int r = 0; r < Retrainings; r++)
        {
            double deviation = Values[(r * Width) + column] - mean;
            squares += deviation * deviation;
        }

        return Math.Sqrt(squares / (Retrainings - 1) / Retrainings);
    }
}

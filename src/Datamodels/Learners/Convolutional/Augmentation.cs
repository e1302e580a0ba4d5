using Datamodels.Data;
using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>
/// Random changes of an image that leave its class as it is: moved, mirrored, and with a square covered.
/// </summary>
internal sealed class Augmentation(NetworkLearner learner, ImageShape image)
{
    /// <summary>Whether images are changed at all.</summary>
    public bool IsOn => learner.Flip || learner.Translate > 0 || learner.Cutout > 0;

    /// <summary>Writes a changed image.</summary>
    /// <param name="source">The image, <c>[channels, height, width]</c>.</param>
    /// <param name="target">Takes the changed image, of the same shape.</param>
    /// <param name="seed">The model's seed.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="position">The example's position in the order of the epoch.</param>
    public void Apply(ReadOnlySpan<float> source, Span<float> target, ulong seed, int epoch, int position)
    {
        var random = new RandomStream(seed, RandomPurpose.Augmentation, ((ulong)epoch << 32) | (uint)position);
        bool mirrored = learner.Flip && random.NextBelow(2) == 1;
        int down = random.NextBelow(2 * learner.Translate + 1) - learner.Translate;
        int right = random.NextBelow(2 * learner.Translate + 1) - learner.Translate;
        Move(source, target, mirrored, down, right);
        if (learner.Cutout > 0)
        {
            int top = random.NextBelow(image.Height - learner.Cutout + 1);
            int left = random.NextBelow(image.Width - learner.Cutout + 1);
            Cover(target, top, left);
        }
    }

    /// <summary>Writes the mirror image, left to right.</summary>
    public void Mirror(ReadOnlySpan<float> source, Span<float> target) => Move(source, target, mirrored: true, 0, 0);

    private void Move(ReadOnlySpan<float> source, Span<float> target, bool mirrored, int down, int right)
    {
        int width = image.Width;
        for (int row = 0; row < image.Channels * image.Height; row++)
        {
            Span<float> to = target.Slice(row * width, width);
            int y = row % image.Height - down;
            if (y < 0 || y >= image.Height)
            {
                to.Clear();
                continue;
            }

            ReadOnlySpan<float> from = source.Slice((row - down) * width, width);
            int first = Math.Max(0, right);
            int end = Math.Min(width, width + right);
            to[..first].Clear();
            to[end..].Clear();
            from[(first - right)..(end - right)].CopyTo(to[first..end]);
            if (mirrored)
            {
                to.Reverse();
            }
        }
    }

    private void Cover(Span<float> target, int top, int left)
    {
        for (int channel = 0; channel < image.Channels; channel++)
        {
            for (int y = top; y < top + learner.Cutout; y++)
            {
                target.Slice((channel * image.Height + y) * image.Width + left, learner.Cutout).Clear();
            }
        }
    }
}
